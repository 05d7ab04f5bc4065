import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { Engine } from '../../main/engine/engine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testServer } from './server.ts'

async function farm(): Promise<{ folder: string; path: string }> {
  const folder = temporaryFolder()
  const path = join(folder, 'farm.loam')
  const engine = await Engine.create(path)
  await engine.close()
  return { folder, path }
}

test('an import that is called off takes its files along, those under way too, and takes no more', async () => {
  const { folder, path } = await farm()
  const { origin, page, send } = await testServer(path)
  const imports = join(folder, 'farm-imports')
  const upload = (batch: string, file: string, body: string | ReadableStream, more = {}): Promise<Response> =>
    fetch(`${origin}/api/uploads?batch=${batch}&path=${file}`, { method: 'POST', headers: page, body, ...more })
  expect((await upload('b1', 'days/a.tif', 'bytes')).status).toBe(200)
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(100_000)),
    pull: () => new Promise(() => {}),
  })
  const underWay = upload('b1', 'b.tif', endless, { duplex: 'half' }).then(
    ({ status }) => status,
    (fault: Error) => fault.name,
  )
  await expect.poll(() => readdirSync(join(imports, 'b1'))).toHaveLength(2)
  expect(await (await send('DELETE', '/uploads/b1')).json()).toEqual({ isKept: false })
  expect(existsSync(imports)).toBe(false)
  expect(await underWay).not.toBe(200)
  expect(await (await upload('b1', 'c.tif', 'bytes')).json()).toMatchObject({ code: 'cancelled' })
  expect(existsSync(imports)).toBe(false)
  expect((await upload('b2', 'c.tif', 'bytes')).status).toBe(200)
  expect((await send('DELETE', '/uploads/b%2f..')).status).toBe(403)
})

test('files the project uses stay when their import is called off', async () => {
  const { folder, path } = await farm()
  const batch = join(folder, 'farm-imports', 'b1')
  mkdirSync(batch, { recursive: true })
  const { origin, page, send, post } = await testServer(path)
  const csv = 'station,easting,northing,date,vwc\na,501000,4999000,2018-06-01,0.21\n'
  const sent = await fetch(`${origin}/api/uploads?batch=b1&path=probes.csv`, {
    method: 'POST',
    headers: page,
    body: csv,
  })
  expect(sent.status).toBe(200)
  const survey = (await (await post('/surveys', { paths: [join(batch, 'probes.csv')] })).json()) as { id: string }
  const look = async (): Promise<{ state: string; products: { id: string }[] }> =>
    (await (await send('GET', `/surveys/${survey.id}`)).json()) as { state: string; products: { id: string }[] }
  await expect.poll(async () => (await look()).state, { timeout: 20_000 }).toBe('done')
  const [{ id }] = (await look()).products
  await post(`/surveys/${survey.id}/products/${id}`, { stations: { crs: 'EPSG:32631' } })
  await post(`/surveys/${survey.id}/accept`, { products: [{ id, name: 'probes', role: 'unassigned' }] })
  await expect
    .poll(async () => (await (await send('GET', '/stations')).json()) as unknown[], { timeout: 20_000 })
    .toHaveLength(1)
  expect(await (await send('DELETE', '/uploads/b1')).json()).toEqual({ isKept: true })
  expect(readdirSync(batch)).toEqual(['probes.csv'])
})

test('a dropped project file is known by name, size and time', async () => {
  const { path } = await farm()
  const { post } = await testServer(path)
  const { size, mtimeMs } = statSync(path)
  const find = async (change: object): Promise<unknown> => {
    const body = { name: basename(path), bytes: size, modifiedAtMs: Math.floor(mtimeMs), ...change }
    return (await post('/projects/find', body)).json()
  }
  expect(await find({})).toEqual([path])
  expect(await find({ bytes: size + 1 })).toEqual([])
  expect(await find({ modifiedAtMs: Math.floor(mtimeMs) - 5000 })).toEqual([])
  expect(await find({ name: '../farm.loam' })).toEqual([])
  expect(await find({ name: 'farm.txt' })).toEqual([])
  // A copy beside it that kept the time: nobody can tell which was meant.
  const copy = join(path, '..', 'copy')
  mkdirSync(copy)
  copyFileSync(path, join(copy, basename(path)))
  utimesSync(join(copy, basename(path)), mtimeMs / 1000, mtimeMs / 1000)
  expect(await find({})).toHaveLength(2)
})
