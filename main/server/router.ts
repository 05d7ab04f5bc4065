import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { endpoints } from '../contract/index.ts'
import type { AnyEndpoint } from '../contract/index.ts'
import { eventStream } from './event-stream.ts'
import { checked, jsonBody } from './request-body.ts'
import { BinaryReply } from './routes.ts'
import type { Bytes, Handler, StreamedEvent } from './routes.ts'
import { routes } from './routes/index.ts'
import type { ServerContext } from './server-context.ts'

export type Bindings = { Bindings: HttpBindings }

/** The endpoint table as routes below `/api`: what comes in is checked by the row's schemas before its handler sees it.
 *  @param closing aborted when the server closes */
export function apiRouter(context: ServerContext, closing: AbortSignal): Hono<Bindings> {
  const app = new Hono<Bindings>()
  for (const [name, row] of Object.entries(endpoints) as [keyof typeof endpoints, AnyEndpoint][]) {
    const handle = routes[name] as unknown as Handler<AnyEndpoint>
    const [method, path] = row.route.split(' ')
    app.on(method, path, async (c) => {
      const request = c.req.raw
      const signal = untilAnswered(c.env, closing)
      const query = row.query
        ? checked(row.query, Object.fromEntries(new URL(request.url).searchParams), 'query')
        : undefined
      const body = row.body && row.body !== 'stream' ? await jsonBody(request, row.body) : undefined
      const stream = row.body === 'stream' ? (request.body as ReadableStream<Uint8Array> | null) : null
      const seen = Number(request.headers.get('last-event-id') ?? Number.NaN)
      const lastEventId = Number.isInteger(seen) ? seen : null
      const etags = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
      const params = c.req.param() as Record<never, string>
      const input = { params, query, body, stream, lastEventId, etags, signal }
      return asResponse(row, await handle(input, context), signal)
    })
  }
  return app
}

/** Aborted when the answer was sent or nobody waits for it any more, and when the server closes. Not AbortSignal.any: in Node 20 what
 *  it makes of a long-lived signal is never freed. */
function untilAnswered({ outgoing }: HttpBindings, closing: AbortSignal): AbortSignal {
  const over = new AbortController()
  const end = (): void => {
    closing.removeEventListener('abort', end)
    over.abort()
  }
  closing.addEventListener('abort', end)
  outgoing.once('close', end)
  if (closing.aborted || outgoing.closed) end()
  return over.signal
}

function asResponse({ reply }: AnyEndpoint, answer: unknown, signal: AbortSignal): Response {
  if (reply.kind === 'events')
    return new Response(eventStream(answer as AsyncIterable<StreamedEvent<unknown>>, signal), {
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    })
  if (reply.kind === 'binary') {
    const { body, headers, status } =
      answer instanceof BinaryReply ? answer : { body: answer as Bytes, headers: {}, status: 200 }
    if (status === 304) return new Response(null, { status, headers })
    return new Response(body as ConstructorParameters<typeof Response>[0], {
      headers: { 'content-type': 'application/octet-stream', ...headers },
    })
  }
  return new Response(JSON.stringify(answer ?? null), { headers: { 'content-type': 'application/json' } })
}
