import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endpoints } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testServer } from './server.ts'

/** Like fetch, but with any Host header. */
function ask(
  address: string,
  { method = 'GET', headers, body }: { method?: string; headers: Record<string, string>; body?: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode!, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const rows = Object.values(endpoints).map(({ route }) => {
  const [method, path] = route.split(' ')
  return [method, `/api${path.replaceAll(/:\w+/g, 'x')}`] as const
})

test('no endpoint answers without a session', async () => {
  const { origin } = await testServer()
  for (const [method, path] of rows) {
    const answer = await fetch(origin + path, { method, headers: { origin } })
    expect([path, answer.status]).toEqual([path, 401])
    expect(await answer.json()).toMatchObject({ code: 'not_allowed' })
  }
  for (const cookie of [`loam-${new URL(origin).port}=`, `loam-${new URL(origin).port}=abc`, 'loam=abc'])
    expect((await fetch(`${origin}/api/hello`, { headers: { cookie } })).status).toBe(401)
  expect((await fetch(`${origin}/api/hello`, { headers: { authorization: 'Bearer x' } })).status).toBe(401)
})

test('no endpoint answers for another host, as when a name is made to point at this machine', async () => {
  const { origin, page } = await testServer()
  const { port } = new URL(origin)
  for (const [method, path] of rows)
    expect((await ask(origin + path, { method, headers: { ...page, host: `evil.example:${port}` } })).status).toBe(421)
  for (const host of ['127.0.0.1', 'localhost', `127.0.0.1:${Number(port) + 1}`, `0.0.0.0:${port}`])
    expect((await ask(`${origin}/api/hello`, { headers: { ...page, host } })).status).toBe(421)
  expect(
    (await ask(`${origin}/api/hello`, { headers: { cookie: page.cookie, host: `localhost:${port}` } })).status,
  ).toBe(200)
})

test('no endpoint answers a page of another origin', async () => {
  const { origin, page } = await testServer()
  for (const foreign of ['http://evil.example', 'null', origin.replace('http', 'https'), `${origin}0`, 'app://loam'])
    for (const [method, path] of rows)
      expect((await ask(origin + path, { method, headers: { ...page, origin: foreign } })).status).toBe(403)
  for (const site of ['cross-site', 'same-site'])
    expect((await ask(`${origin}/api/hello`, { headers: { ...page, 'sec-fetch-site': site } })).status).toBe(403)
  // A form of another page sends no origin in some browsers; a change always needs one.
  expect((await ask(`${origin}/api/projects/close`, { method: 'POST', headers: { cookie: page.cookie } })).status).toBe(
    403,
  )
})

test('an address with a start token opens one browser, once', async () => {
  const { server, origin } = await testServer()
  const address = server.newStartAddress()!
  const first = await fetch(address, { redirect: 'manual' })
  expect(first.status).toBe(303)
  expect(first.headers.get('location')).toBe('/')
  expect(first.headers.get('set-cookie')).toMatch(/^loam-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
  const cookie = first.headers.get('set-cookie')!.split(';')[0]
  expect((await fetch(origin, { headers: { cookie } })).status).toBe(200)
  const second = await fetch(address, { redirect: 'manual', headers: { accept: 'text/html' } })
  expect(second.status).toBe(401)
  expect(second.headers.get('set-cookie')).toBeNull()
  expect(await second.text()).toContain('Press Enter')
  expect((await fetch(`${origin}/?start=`, { redirect: 'manual' })).status).toBe(401)
})

test('a body longer than 8 MB is refused, told or not how long it is', async () => {
  const { origin, page, post } = await testServer()
  const long = { path: 'x'.repeat(9e6) }
  const answer = await post('/projects/open', long)
  expect(answer.status).toBe(413)
  expect(await answer.json()).toMatchObject({ code: 'too_large' })
  const untold = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(JSON.stringify(long)))
      controller.close()
    },
  })
  const headers = { ...page, 'content-type': 'application/json' }
  const streamed = await fetch(`${origin}/api/projects/open`, {
    method: 'POST',
    headers,
    body: untold,
    duplex: 'half',
  } as RequestInit)
  expect(streamed.status).toBe(413)
})

test('a body that is not JSON, or does not fit its schema, is refused with the place', async () => {
  const { origin, page, post } = await testServer()
  const send = (type: string, body: string) =>
    fetch(`${origin}/api/projects/open`, { method: 'POST', headers: { ...page, 'content-type': type }, body })
  expect((await send('text/plain', '{"path":"/x"}')).status).toBe(415)
  expect((await send('application/json', '{"path":')).status).toBe(400)
  const misfit = await post('/projects/open', { path: '/x', mode: 'both', more: 1 })
  expect(misfit.status).toBe(400)
  const fault = (await misfit.json()) as { code: string; details: { issues: { path: string }[] } }
  expect(fault.code).toBe('bad_input')
  expect(fault.details.issues.map(({ path }) => path)).toContain('mode')
})

test('files outside the project are not served, whatever leads there', async () => {
  const folder = temporaryFolder()
  const inside = join(folder, 'farm')
  mkdirSync(inside)
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(inside, 'note.txt'), 'note')
  symlinkSync(folder, join(inside, 'up'))
  symlinkSync(join(folder, 'secret.txt'), join(inside, 'alias.txt'))
  const engine = await Engine.create(join(inside, 'farm.loam'))
  await engine.close()
  const { get, origin, page } = await testServer(join(inside, 'farm.loam'))
  const served = await get('/files?path=note.txt')
  expect(await served.text()).toBe('note')
  expect(served.headers.get('content-security-policy')).toMatch(/^sandbox/)
  const outside = [
    '../secret.txt',
    '..%2Fsecret.txt',
    'up/secret.txt',
    'alias.txt',
    '/etc/passwd',
    'x/../../secret.txt',
    '.',
    '%00',
  ]
  for (const path of outside) {
    const answer = await get(`/files?path=${path}`)
    expect([path, answer.status]).toEqual([path, 403])
    expect(await answer.text()).not.toContain('secret\n')
  }
  for (const path of ['/../config', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2fserver.ts', '/%00.js']) {
    const answer = await ask(origin + path, { headers: { ...page, accept: '*/*' } })
    expect(answer.body).not.toMatch(/root:|import/)
  }
})

test('uploads stay in the folder of their import', async () => {
  const folder = temporaryFolder()
  const engine = await Engine.create(join(folder, 'farm.loam'))
  await engine.close()
  const { origin, page } = await testServer(join(folder, 'farm.loam'))
  const upload = (path: string, batch = 'b1') =>
    fetch(`${origin}/api/uploads?batch=${batch}&path=${encodeURIComponent(path)}`, {
      method: 'POST',
      headers: page,
      body: 'bytes',
    })
  const good = await upload('days/Sm 2018.tif')
  expect(await good.json()).toEqual({ path: join(folder, 'farm-imports/b1/days/Sm 2018.tif'), bytes: 5 })
  expect((await upload('days/Sm 2018.tif')).status).toBe(409)
  for (const path of ['../x', 'a/../../x', '/x', 'a//b', '.hidden', 'a\\b', 'con.txt', 'x.', 'a:b', 'x\0'])
    expect([path, (await upload(path)).status]).toEqual([path, 403])
  expect((await upload('x', '../b')).status).toBe(400)
  symlinkSync(folder, join(folder, 'farm-imports/b1/out'))
  expect((await upload('out/x.tif')).status).toBe(403)
})

test('an upload that breaks off leaves nothing, and the server goes on', async () => {
  const folder = temporaryFolder()
  const engine = await Engine.create(join(folder, 'farm.loam'))
  await engine.close()
  const { origin, page, get } = await testServer(join(folder, 'farm.loam'))
  const stop = new AbortController()
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(100_000)),
    // It never ends by itself.
    pull: () => new Promise(() => {}),
  })
  const address = `${origin}/api/uploads?batch=b1&path=x.tif`
  const init = { method: 'POST', headers: page, body, duplex: 'half', signal: stop.signal } as RequestInit
  const upload = fetch(address, init).catch((fault: Error) => fault.name)
  const batch = join(folder, 'farm-imports/b1')
  const filesIn = (): string[] => (existsSync(batch) ? readdirSync(batch) : [])
  await expect.poll(filesIn).toHaveLength(1)
  expect(filesIn()[0]).toMatch(/^\.x\.tif\..*\.tmp$/)
  stop.abort()
  expect(await upload).toBe('AbortError')
  await expect.poll(filesIn).toEqual([])
  expect((await get('/hello')).status).toBe(200)
})

test('every answer forbids what a page does not need', async () => {
  const { origin, page } = await testServer()
  for (const path of ['/', '/runs', '/assets/main-1a2b.js', '/api/hello', '/nothing.js', '/api/nothing']) {
    const { headers } = await fetch(origin + path, { headers: page })
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})
