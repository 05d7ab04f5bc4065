import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { setMaxListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LoamError, pageHeaders } from '../contract/index.ts'
import { requireOwnPage, requireSession } from './guard.ts'
import type { Reach } from './guard.ts'
import { ProjectHost } from './project-host.ts'
import { Refusal, faultAnswer } from './refusals.ts'
import { apiRouter } from './router.ts'
import type { Bindings } from './router.ts'
import { Sessions } from './session.ts'
import { staticPage } from './static-page.ts'

export interface ServerOptions {
  /** A port of this machine alone (0: a free one), or the path of a Unix socket or a named pipe. */
  readonly listen: { readonly host: '127.0.0.1'; readonly port: number } | { readonly socketPath: string }
  /** Of the pipe's other end, as `authorization: Bearer …`; null in a browser, which gets a session for a start token. */
  readonly token?: string | null
  /** Where the built page lies. */
  readonly staticFolder: string
  /** Opened before the server answers. */
  readonly projectPath?: string | null
  /** Of the user's settings. */
  readonly configFolder: string
}

export interface RunningServer {
  readonly context: ProjectHost
  /** `http://127.0.0.1:<port>`; null on a pipe. */
  readonly origin: string | null
  /** An address that opens the page in one browser, once; null on a pipe. */
  newStartAddress(): string | null
  /** Ends runs so that they can be resumed, closes the project and all connections. */
  close(): Promise<void>
}

/** Starts the workspace server.
 *  @throws what opening the project throws; io_failed when the port or pipe is taken */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { listen, staticFolder, configFolder } = options
  const isPipe = 'socketPath' in listen
  const sessions = new Sessions(options.token ?? null)
  const context = new ProjectHost({ mode: isPipe ? 'desktop' : 'browser', configFolder })
  const closing = new AbortController()
  // One listener for each request under way.
  setMaxListeners(0, closing.signal)
  const reach: { current: Reach } = { current: { hosts: [], cookie: '' } }
  const app = pageAndApi({ context, sessions, staticFolder, closing: closing.signal, reach: () => reach.current })
  const server = createServer(
    // Uploads take as long as they take; headers do not.
    { requestTimeout: 0, headersTimeout: 30_000, maxHeaderSize: 16_384 },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) => reject(listenFault(fault, options)))
    server.listen(isPipe ? { path: listen.socketPath } : { host: listen.host, port: listen.port }, resolve)
  })
  let origin: string | null = null
  if (isPipe) reach.current = { hosts: ['loam'], cookie: 'loam' }
  else {
    const { port } = server.address() as AddressInfo
    origin = `http://127.0.0.1:${port}`
    reach.current = { hosts: [`127.0.0.1:${port}`, `localhost:${port}`], cookie: `loam-${port}` }
  }
  const close = async (): Promise<void> => {
    closing.abort()
    await context.close()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
  try {
    if (options.projectPath) await context.openProject(options.projectPath, 'auto')
  } catch (thrown) {
    await close()
    throw thrown
  }
  return {
    context,
    origin,
    newStartAddress: () => (origin === null ? null : `${origin}/?start=${sessions.newStartToken()}`),
    close,
  }
}

function listenFault(fault: NodeJS.ErrnoException, { listen }: ServerOptions): unknown {
  if (fault.code !== 'EADDRINUSE' && fault.code !== 'EACCES') return fault
  const place = 'socketPath' in listen ? listen.socketPath : `port ${listen.port}`
  const why = fault.code === 'EACCES' ? 'not for this user' : 'taken by another program'
  return new LoamError('io_failed', `The server's ${place} is ${why}. Choose another, or none for a free one.`)
}

interface Parts {
  readonly context: ProjectHost
  readonly sessions: Sessions
  readonly staticFolder: string
  readonly closing: AbortSignal
  readonly reach: () => Reach
}

/** Every request passes the same checks in the same order: host, origin, session; then the page or the endpoint table. */
function pageAndApi({ context, sessions, staticFolder, closing, reach }: Parts): Hono<Bindings> {
  const app = new Hono<Bindings>()
  app.use(async (c, next) => {
    await next()
    // What a handler set itself stays.
    for (const [name, value] of Object.entries(pageHeaders))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  })
  app.use(async (c, next) => {
    requireOwnPage(c.req.raw, reach(), sessions)
    const start = c.req.path === '/' && c.req.method === 'GET' ? c.req.query('start') : undefined
    const session = start === undefined ? null : sessions.exchange(start)
    if (session !== null)
      return new Response(null, {
        status: 303,
        headers: { location: '/', 'set-cookie': `${reach().cookie}=${session}; HttpOnly; SameSite=Strict; Path=/` },
      })
    requireSession(c.req.raw, reach(), sessions)
    await next()
  })
  app.route('/api', apiRouter(context, closing))
  app.all('/api/*', (c) => {
    throw new Refusal(404, 'not_found', `There is no endpoint ${c.req.method} ${c.req.path}.`)
  })
  // Browsers ask for it unasked; a missing one would be an error in their console.
  app.get('/favicon.ico', () => new Response(null, { status: 204 }))
  app.get('*', (c) => staticPage(staticFolder, c.req.path))
  app.all('*', (c) => {
    throw new Refusal(405, 'bad_input', `${c.req.method} is not for the page.`)
  })
  app.onError((thrown, c) => {
    const { status, body } = faultAnswer(thrown)
    const isPage = !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html')
    if (isPage) return new Response(sentencePage(thrown.message), { status, headers: htmlHeaders })
    return new Response(body, { status, headers: { 'content-type': 'application/json' } })
  })
  return app
}

const htmlHeaders = { 'content-type': 'text/html; charset=utf-8' }

function sentencePage(message: string): string {
  const text = message.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Loam</title><body style="font: 15px/1.5 system-ui; margin: 15vh auto; max-width: 34em"><h1 style="font-size: 18px">Loam</h1><p>${text}</p></body></html>`
}
