import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Where the server answers. */
export interface PipeEnd {
  readonly socketPath: string
  readonly token: string
}

/** Of the window alone; the server judges by the token, which no page knows. */
const notForwarded = /^(host|origin|cookie|authorization|connection|content-length|transfer-encoding|sec-.*)$/i
const withoutBody = [204, 205, 304]

/** Passes a request of the window's page on to the server through its pipe. Node's http, not Electron's net.fetch: that one never
 *  closes an event stream on the server's side when the page goes (electron issue 47097).
 *  @param pipe asked for each request: it waits while the server is started anew */
export async function forwardRequest(request: Request, pipe: () => Promise<PipeEnd>): Promise<Response> {
  try {
    const { socketPath, token } = await pipe()
    const { pathname, search } = new URL(request.url)
    const headers: Record<string, string> = { host: 'loam', authorization: `Bearer ${token}` }
    for (const [name, value] of request.headers) if (!notForwarded.test(name)) headers[name] = value
    const answer = await send(request, { socketPath, path: pathname + search, headers })
    return asResponse(answer)
  } catch (thrown) {
    if (request.signal.aborted) throw thrown
    return unreachable((thrown as Error).message)
  }
}

function send(
  request: Request,
  options: { socketPath: string; path: string; headers: Record<string, string> },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ ...options, method: request.method, agent: false }, resolve)
    sent.once('error', reject)
    // The page gave up: a tile that is off the screen, a closed event stream.
    const giveUp = (): void => void sent.destroy(new Error('The page gave up.'))
    if (request.signal.aborted) return giveUp()
    request.signal.addEventListener('abort', giveUp, { once: true })
    sent.once('close', () => request.signal.removeEventListener('abort', giveUp))
    if (!request.body) return void sent.end()
    const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0])
    // A refusal may come before all of the body is read; the answer then says why.
    pipeline(body, sent).catch(reject)
  })
}

function asResponse(answer: IncomingMessage): Response {
  const headers = new Headers()
  for (let i = 0; i < answer.rawHeaders.length; i += 2)
    if (!/^(connection|keep-alive|transfer-encoding)$/i.test(answer.rawHeaders[i]))
      headers.append(answer.rawHeaders[i], answer.rawHeaders[i + 1])
  const status = answer.statusCode ?? 502
  if (withoutBody.includes(status)) {
    answer.resume()
    return new Response(null, { status, headers })
  }
  // Cancelling the body destroys the answer, and with it the connection.
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers })
}

function unreachable(why: string): Response {
  const fault = {
    code: 'io_failed',
    message: `The engine does not answer (${why}). It is started anew; try again in a moment.`,
    details: {},
  }
  return new Response(JSON.stringify(fault), { status: 503, headers: { 'content-type': 'application/json' } })
}
