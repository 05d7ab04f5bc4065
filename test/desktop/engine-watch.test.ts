import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EngineWatch } from '../../main/desktop/engine-watch.ts'
import { forwardRequest } from '../../main/desktop/forward-request.ts'
import { pipeNames } from '../../main/desktop/pipe-folder.ts'
import { Engine } from '../../main/engine/engine.ts'
import { childEntry } from '../../main/engine/files/index.ts'
import { recordTinyFarm } from '../fronts/recorded-farm.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const patience = { timeout: 60_000 }

/** The real process of the server, as the desktop starts it, with settings of its own. */
function watched(options: { projectPath?: string | null; program?: readonly string[] } = {}) {
  const folder = temporaryFolder()
  const children: ChildProcess[] = []
  const told: (string | null)[] = []
  let onGivenUp: (message: string) => void = () => {}
  const givenUp = new Promise<string>((resolve) => (onGivenUp = resolve))
  const pipes = pipeNames('linux', { XDG_RUNTIME_DIR: folder })
  const watch = new EngineWatch({
    spawn() {
      const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') }
      const program = options.program ?? [childEntry('server-process')]
      const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
      children.push(child)
      return child
    },
    newSocketPath: pipes.next,
    projectPath: options.projectPath ?? null,
    onProject: (path) => told.push(path),
    onGivenUp,
  })
  onTestFinished(() => watch.close())
  const ask = (path: string, init: RequestInit = {}) =>
    forwardRequest(new Request(`app://loam${path}`, init), watch.pipe)
  return { watch, children, told, givenUp, ask, pipes }
}

test('the page and the API come through the pipe, and only with its token', patience, async () => {
  const { watch, ask, pipes } = watched()
  const page = await ask('/')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await page.text()).toContain('<div id="root">')
  const hello = await ask('/api/hello', { headers: { origin: 'app://loam', cookie: 'x=y' } })
  expect(await hello.json()).toMatchObject({ mode: 'desktop', project: null })
  const { socketPath } = await watch.pipe()
  const refused = await forwardRequest(new Request('app://loam/api/hello'), async () => ({ socketPath, token: 'x' }))
  expect(refused.status).toBe(401)
  // Nobody else of this machine reaches it either.
  expect(statSync(pipes.folder!).mode & 0o777).toBe(0o700)
})

test('bodies, answers without one, and refusals pass as they are', patience, async () => {
  const folder = temporaryFolder()
  const { ask } = watched()
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'Farm', folder })
  const made = await ask('/api/projects', { method: 'POST', headers, body })
  expect([made.status, await made.json()]).toMatchObject([200, { path: join(folder, 'Farm.loam'), mode: 'write' }])
  const taken = await ask('/api/projects', { method: 'POST', headers, body })
  expect([taken.status, await taken.json()]).toMatchObject([409, { code: 'name_taken' }])
  const long = 'x'.repeat(3e6)
  const init = { method: 'POST', body: long, duplex: 'half' } as RequestInit
  const upload = await ask('/api/uploads?batch=b&path=x.txt', init)
  expect(await upload.json()).toMatchObject({ bytes: 3e6 })
  const file = await ask('/api/files?path=Farm-imports/b/x.txt')
  expect(await file.text()).toBe(long)
})

test('an event stream ends on the server when the page closes it or gives it up', async () => {
  const socketPath = pipeNames('linux', { XDG_RUNTIME_DIR: temporaryFolder() }).next()
  const ends: Promise<void>[] = []
  const server = createServer((_request, answer) => {
    ends.push(new Promise((resolve) => answer.once('close', resolve)))
    answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  const pipe = async () => ({ socketPath, token: 'x' })

  const closed = await forwardRequest(new Request('app://loam/api/events'), pipe)
  const reader = closed.body!.getReader()
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('data: 1\n\n')
  await reader.cancel()
  await ends[0]

  const stop = new AbortController()
  const left = await forwardRequest(new Request('app://loam/api/events', { signal: stop.signal }), pipe)
  expect(left.status).toBe(200)
  stop.abort()
  await ends[1]
})

test('a killed engine is started anew with its project, and the page asks on', patience, async () => {
  const path = join(temporaryFolder(), 'farm.loam')
  await (await Engine.create(path)).close()
  const { watch, children, told, ask } = watched({ projectPath: path })
  expect(await (await ask('/api/project')).json()).toMatchObject({ path, mode: 'write' })
  expect(told).toEqual([path])
  const first = await watch.pipe()
  const gone = new Promise((resolve) => children[0].once('exit', resolve))
  children[0].kill('SIGKILL')
  await gone
  // Asked while it starts: the page waits and gets its answer.
  expect(await (await ask('/api/project')).json()).toMatchObject({ path, mode: 'write' })
  expect(children).toHaveLength(2)
  expect((await watch.pipe()).token).not.toBe(first.token)
  await watch.close()
  expect(children[1].exitCode).toBe(0)
  expect(children).toHaveLength(2)
})

test('a project that cannot be opened leaves the window with its start place', patience, async () => {
  const { ask } = watched({ projectPath: join(temporaryFolder(), 'none.loam') })
  expect(await (await ask('/api/hello')).json()).toMatchObject({ project: null })
})

test('an engine that only crashes is given up, and the page is told', patience, async () => {
  const { givenUp, children, ask } = watched({ program: ['-e', 'process.exit(3)'] })
  expect(await givenUp).toBe('The engine ended 6 times within a minute: exit 3')
  expect(children).toHaveLength(6)
  const answer = await ask('/api/hello')
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'io_failed' }])
})

test('socket paths fit every system', () => {
  const deep = join(temporaryFolder(), 'x'.repeat(90))
  const { next, folder } = pipeNames('darwin', { XDG_RUNTIME_DIR: deep })
  expect(folder!.startsWith(deep)).toBe(false)
  expect(Buffer.byteLength(next())).toBeLessThanOrEqual(103)
  expect(next()).not.toBe(next())
  expect(pipeNames('win32', {}).next()).toMatch(/^\\\\\.\\pipe\\loam-[0-9a-f]{32}$/)
})

test('a run that was under way goes on by itself in the engine started anew', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  await (await recordTinyFarm(folder)).close()
  const path = join(folder, 'farm.loam')
  const { ask, children } = watched({ projectPath: path })
  await ask('/api/hello')
  const post = async (address: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await ask(address, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { state: string; message: string }
  }
  await post('/api/projects/open', { path })
  await post('/api/runs', { recipe: tinyRecipe })
  expect(await post('/api/runs/r0001/start', { workers: 1 })).toMatchObject({ state: 'running' })
  children[0].kill('SIGKILL')
  await new Promise((resolve) => children[0].once('exit', resolve))
  for (let state = ''; !state.startsWith('done'); ) {
    const run = (await (await ask('/api/runs/r0001')).json()) as { state: string; message: string }
    state = run.state
    expect(['running', 'waiting', 'done', 'done_with_warnings'], run.message).toContain(state)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(children).toHaveLength(2)
})
