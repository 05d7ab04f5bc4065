import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RecentProject } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testServer } from './server.ts'

test('the map of a project is kept in its store and shown in the list of recent projects, with its place', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'farm.loam')
  const engine = await Engine.create(path)
  await writeGeoTiff(join(folder, 'dem.tif'), {
    grid: { crs: 'EPSG:32631', transform: [500_000, 100, 0, 5_000_000, 0, -100], rows: 4, cols: 4 },
    bands: [{ name: '', values: new Float32Array(16) }],
  })
  await engine.addRasters({ name: 'dem', paths: [join(folder, 'dem.tif')] })
  await engine.close()
  // As `loam serve farm.loam` opens it: nobody chose it in the window, and it is in the list all the same.
  const { origin, page, post, get } = await testServer(path)
  const put = (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    fetch(`${origin}/api/projects/picture`, { method: 'PUT', headers: page, body })
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
  expect((await put(Uint8Array.from([1, 2, 3]))).status).toBe(400)
  const large = new Uint8Array(300_000)
  large.set(png)
  expect((await put(large)).status).toBe(400)
  expect(existsSync(join(folder, 'farm-store', 'map.png'))).toBe(false)
  expect((await put(png)).status).toBe(200)

  const [recent] = (await (await get('/projects/recent')).json()) as RecentProject[]
  expect(recent).toMatchObject({ name: 'farm', datasets: 1, missingFiles: 0, picturedAtMs: expect.any(Number) })
  // Zone 31 north: 500 km is 3° E.
  expect(recent.place!.lon).toBeCloseTo(3, 1)
  expect(recent.place!.lat).toBeCloseTo(45.1, 0)
  const picture = await get(`/projects/picture?path=${encodeURIComponent(path)}`)
  expect(picture.headers.get('content-type')).toBe('image/png')
  expect(new Uint8Array(await picture.arrayBuffer())).toEqual(png)
  // Of a project that is not in the list nothing is told.
  expect((await get(`/projects/picture?path=${encodeURIComponent(join(folder, 'other.loam'))}`)).status).toBe(404)
  await post('/projects/close')
  expect((await (await get('/projects/recent')).json()) as RecentProject[]).toHaveLength(1)
})
