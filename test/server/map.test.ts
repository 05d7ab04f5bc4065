import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeTile } from '../../main/contract/index.ts'
import type { CellSeries, Inspection, LayerHistogram, TiledLayer } from '../../main/contract/index.ts'
import { TileProject, first, hill, second, utm } from '../engine/tiles/tile-project.ts'
import { testServer } from './server.ts'

const grid = utm(10, 300, 280)
const values = hill(grid, 1)
const folder = mkdtempSync(join(tmpdir(), 'loam-map-server-'))

beforeAll(async () => {
  const project = await TileProject.create(folder)
  await project.add('wet', grid, { [first]: values, [second]: hill(grid, 2) }, { unit: 'm3 m-3' })
  await project.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const source = { of: 'dataset', dataset: 'wet', variable: 'wet' }
const at = { x: 600_505, y: 5_799_495, crs: grid.crs }

describe('map, inspector and preview over HTTP', () => {
  test('a layer is opened, its tiles may be kept for ever', async () => {
    const server = await testServer(join(folder, 'tiles.loam'))
    const opened = await server.post('/layers', { source })
    expect(opened.status).toBe(200)
    const layer = (await opened.json()) as TiledLayer
    expect(layer).toMatchObject({ grid, levels: 2, quantity: 'wet', unit: 'm3 m-3' })
    const answer = await server.get(`/layers/${layer.id}/tiles/${first}/0/1/0`)
    expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(answer.headers.get('etag')).toMatch(/^"[0-9a-f]{32}-2019-06-01-0-1-0"$/)
    const tile = decodeTile(await answer.arrayBuffer())
    expect([tile.rows, tile.cols]).toEqual([44, 256])
    expect(tile.values[2 * 256 + 3]).toBe(values[258 * grid.cols + 3])

    const tag = answer.headers.get('etag')!
    const conditional = (place: string, tags: string): Promise<Response> =>
      fetch(`${server.origin}/api/layers/${layer.id}/tiles/${first}/${place}`, {
        headers: { ...server.page, 'if-none-match': tags },
      })
    const same = await conditional('0/1/0', `"other", ${tag}`)
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, tag, ''])
    const other = await conditional('0/0/0', tag)
    expect(other.status).toBe(200)

    const histogram = await server.post(`/layers/${layer.id}/histogram`, { day: first })
    expect((await histogram.json()) as LayerHistogram).toMatchObject({ level: 0, cells: 300 * 280 })
    const inspected = (await (
      await server.post('/inspect', { ...at, day: first, layers: [layer.id] })
    ).json()) as Inspection
    expect(inspected.layers[0]).toMatchObject({ cell: { row: 50, col: 50 }, value: values[50 * grid.cols + 50] })
    const series = (await (
      await server.post('/cell-series', { ...at, days: [first, second], layers: [layer.id] })
    ).json()) as {
      series: CellSeries[]
    }
    expect(series.series[0].values[0]).toBe(values[50 * grid.cols + 50])
  })

  test('a coarse tile may come of single cells first, which says so and is not kept', async () => {
    const server = await testServer(join(folder, 'tiles.loam'))
    const layer = (await (await server.post('/layers', { source })).json()) as TiledLayer
    const address = `/layers/${layer.id}/tiles/${second}/1/0/0`
    const quick = await server.get(`${address}?cells=some`)
    expect([quick.headers.get('cache-control'), quick.headers.get('x-loam-one-of')]).toEqual(['no-store', '4'])
    expect(quick.headers.get('etag')).toBeNull()
    const { values: some, cols } = decodeTile(await quick.arrayBuffer())
    for (const [row, col] of [
      [0, 0],
      [70, 31],
      [149, 139],
    ])
      expect(some[row * cols + col]).toBe(hill(grid, 2)[(2 * row + 1) * grid.cols + 2 * col + 1])

    const whole = decodeTile(await (await server.get(address)).arrayBuffer())
    const again = await server.get(`${address}?cells=some`)
    expect(again.headers.get('x-loam-one-of')).toBeNull()
    expect(again.headers.get('etag')).not.toBeNull()
    expect(decodeTile(await again.arrayBuffer()).values).toEqual(whole.values)
    expect((await server.get(`${address}?cells=few`)).status).toBe(400)
  })

  test('each refusal has its code', async () => {
    const server = await testServer(join(folder, 'tiles.loam'))
    const layer = (await (await server.post('/layers', { source })).json()) as TiledLayer
    const gone = 'a'.repeat(64)
    const refused: [Promise<Response>, number, string][] = [
      [server.post('/layers', { source: { of: 'dataset', dataset: 'no', variable: 'no' } }), 404, 'unknown_name'],
      [
        server.post('/layers', { source: { of: 'field', expression: { formula: '1 +', inputs: {}, unit: '' } } }),
        400,
        'bad_recipe',
      ],
      [server.post('/layers', { source: { of: 'product', run: 'r0001' } }), 404, 'unknown_name'],
      [server.post('/layers', { source, crs: 'EPSG:1' }), 400, 'unsupported_grid'],
      [server.post('/layers', { source: { of: 'nothing' } }), 400, 'bad_input'],
      [server.get(`/layers/${gone}/tiles/${first}/0/0/0`), 404, 'unknown_name'],
      [server.get(`/layers/${layer.id}/tiles/${first}/0/7/0`), 404, 'not_found'],
      [server.get(`/layers/${layer.id}/tiles/2019-02-30/0/0/0`), 400, 'bad_input'],
      [server.get(`/layers/${layer.id}/tiles/${first}/0/-1/0`), 400, 'bad_input'],
      [server.post(`/layers/${gone}/histogram`, { day: first }), 404, 'unknown_name'],
      [server.post(`/layers/${layer.id}/histogram`, { day: first, bins: 0 }), 400, 'bad_input'],
      [server.post('/inspect', { ...at, crs: 'no', day: first }), 400, 'unsupported_grid'],
      [server.post('/inspect', { x: 1 }), 400, 'bad_input'],
      [server.post('/cell-series', { ...at, days: [] }), 400, 'bad_input'],
      [server.post('/previews', { recipe: {} }), 400, 'bad_recipe'],
      [server.post('/previews', { rows: 3 }), 400, 'bad_input'],
    ]
    for (const [answer, status, code] of refused) {
      const found = await answer
      expect([found.status, ((await found.json()) as { code: string }).code]).toEqual([status, code])
      expect(found.headers.get('cache-control') ?? '').not.toMatch(/immutable/)
    }
  })
})
