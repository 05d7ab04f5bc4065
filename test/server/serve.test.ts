import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { browserCommand, tunnelCommand } from '../../main/cli/open-browser.ts'
import { emptyWorkspace } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { childEntry } from '../../main/engine/files/index.ts'
import { configFolder, outliveStrayFaults } from '../../main/server/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testServer } from './server.ts'

const patience = { timeout: 60_000 }

/** `loam serve` in a process of its own, with settings of its own. */
function serve(args: readonly string[], folder: string) {
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), SSH_CONNECTION: '10.0.0.9 5000 lab-3 22' }
  const child = spawn(process.execPath, [childEntry('cli'), 'serve', ...args], { cwd: folder, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  const heard = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part
      for (const look of heard) look()
    })
  const end = new Promise<number | null>((resolve) => child.once('close', resolve))
  const told = (pattern: RegExp, count = 1): Promise<string> =>
    new Promise((resolve, reject) => {
      void end.then(() => reject(new Error(`It ended: ${text}`)))
      const look = (): void => {
        const found = [...text.matchAll(new RegExp(pattern, 'g'))]
        if (found.length >= count) resolve(found[count - 1][0])
      }
      heard.add(look)
      look()
    })
  return { child, end, told, text: () => text }
}

const address = /http:\/\/127\.0\.0\.1:\d+\/\?start=[\w-]{43}/

test('loam serve prints an address, another for Enter, and ends tidily on Ctrl-C', patience, async () => {
  const folder = temporaryFolder()
  const { child, end, told, text } = serve(['--no-open'], folder)
  const first = await told(address)
  const started = await fetch(first, { redirect: 'manual' })
  expect(started.status).toBe(303)
  const cookie = started.headers.get('set-cookie')!.split(';')[0]
  const { origin, port } = new URL(first)
  const hello = await fetch(`${origin}/api/hello`, { headers: { cookie } })
  expect(await hello.json()).toMatchObject({ mode: 'browser', project: null })
  expect(await (await fetch(origin, { headers: { cookie } })).text()).toContain('<div id="root">')
  // An open event stream holds nothing up.
  const events = await fetch(`${origin}/api/events`, { headers: { cookie } })
  expect(events.status).toBe(200)
  child.stdin.write('\n')
  expect(await told(address, 2)).not.toBe(first)
  expect(text()).toContain(`-L ${port}:127.0.0.1:${port}`)
  child.kill('SIGINT')
  expect(await end).toBe(0)
  await events.text().catch(() => '')
})

test('a taken port and a project that is none end with what to do', patience, async () => {
  const folder = temporaryFolder()
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const taken = serve(['--no-open', '--port', String(port)], folder)
  expect(await taken.end).toBe(74)
  expect(taken.text()).toContain(`port ${port} is taken by another program`)
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data/none.loam'), 'x')
  const none = serve(['data/none.loam', '--no-open'], folder)
  expect(await none.end).toBe(65)
  expect(await serve(['--port', 'x'], folder).end).toBe(64)
})

test('a project that another process has open is opened for reading', patience, async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'farm.loam')
  await (await Engine.create(path)).close()
  const holder = serve([path, '--no-open'], folder)
  await holder.told(address)
  const reader = await testServer(path)
  const summary = await (await reader.get('/project')).json()
  expect(summary).toMatchObject({ mode: 'read', heldBy: expect.stringContaining(`process ${holder.child.pid}`) })
  const document = emptyWorkspace()
  const refused = await reader.put('/workspace', { label: 'X', document, revision: 0 })
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'project_locked' }])
  holder.child.kill('SIGINT')
  await holder.end
  expect(await (await reader.post('/projects/open', { path, mode: 'write' })).json()).toMatchObject({ mode: 'write' })
})

test('the tunnel has one port on both ends', () => {
  expect(tunnelCommand('10.0.0.9 5000 10.0.0.3 22', 'kim', 8123)).toBe('ssh -N -L 8123:127.0.0.1:8123 kim@10.0.0.3')
  expect(tunnelCommand('10.0.0.9 5000 10.0.0.3 2222', 'kim', 80)).toBe('ssh -p 2222 -N -L 80:127.0.0.1:80 kim@10.0.0.3')
})

test('a browser is opened where there is a screen', () => {
  expect(browserCommand('linux', { DISPLAY: ':0' })?.program).toBe('xdg-open')
  expect(browserCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' })?.program).toBe('xdg-open')
  expect(browserCommand('linux', {})).toBeNull()
  expect(browserCommand('linux', { DISPLAY: ':10', SSH_CONNECTION: 'a 1 b 22' })).toBeNull()
  expect(browserCommand('darwin', {})?.program).toBe('open')
  expect(browserCommand('win32', {})?.args).toEqual(['/c', 'start', ''])
})

test('settings lie where each system keeps them', () => {
  expect(configFolder('linux', {}, '/home/kim')).toBe('/home/kim/.config/loam')
  expect(configFolder('linux', { XDG_CONFIG_HOME: '/c' }, '/home/kim')).toBe('/c/loam')
  expect(configFolder('darwin', {}, '/Users/kim')).toBe('/Users/kim/Library/Application Support/Loam')
})

test('a fault nobody waited for is told and ends nothing', async () => {
  const told: string[] = []
  const write = process.stderr.write.bind(process.stderr)
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  outliveStrayFaults()
  process.stderr.write = (text) => told.push(String(text)) > 0
  try {
    void Promise.reject(new Error('stray'))
    await expect.poll(() => told.join('')).toMatch(/nobody waited for this fault: stray\nError: stray\n {4}at /)
  } finally {
    process.stderr.write = write
    process.removeAllListeners('unhandledRejection')
    for (const other of others) process.on('unhandledRejection', other)
  }
})
