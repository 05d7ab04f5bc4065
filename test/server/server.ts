import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startServer } from '../../main/server/index.ts'
import type { RunningServer } from '../../main/server/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export interface TestServer {
  readonly server: RunningServer
  readonly origin: string
  readonly folder: string
  /** Headers of the page in a browser that has a session. */
  readonly page: Record<string, string>
  send(method: string, path: string, body?: unknown): Promise<Response>
  get(path: string): Promise<Response>
  post(path: string, body?: unknown): Promise<Response>
  put(path: string, body?: unknown): Promise<Response>
}

/** A server of this test alone with a small page, and the requests its page would make. */
export async function testServer(projectPath: string | null = null): Promise<TestServer> {
  const folder = temporaryFolder()
  const staticFolder = join(folder, 'page')
  mkdirSync(join(staticFolder, 'assets'), { recursive: true })
  writeFileSync(join(staticFolder, 'index.html'), '<!doctype html><title>Loam</title>')
  writeFileSync(join(staticFolder, 'assets', 'main-1a2b.js'), 'export {}')
  const server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    staticFolder,
    configFolder: join(folder, 'config'),
    projectPath,
  })
  onTestFinished(() => server.close())
  const origin = server.origin!
  const started = await fetch(server.newStartAddress()!, { redirect: 'manual' })
  const cookie = started.headers.get('set-cookie')!.split(';')[0]
  const page = { cookie, origin, 'sec-fetch-site': 'same-origin' }
  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${origin}/api${path}`, {
      method,
      headers: { ...page, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  return {
    server,
    origin,
    folder,
    page,
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
  }
}
