import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeTile, reasonCodes } from '../../../main/contract/index.ts'
import type { Block, Kind, TileBody, TiledLayer } from '../../../main/contract/index.ts'
import { gridInCrs, transformPoints } from '../../../main/engine/raster/index.ts'
import { MapService } from '../../../main/engine/tiles/index.ts'
import { TileProject, day, first, hill, second, utm } from './tile-project.ts'

const grid = utm(10, 1300, 340)
const coarse = utm(90, 150, 40)
const values = hill(grid, 1)
const later = hill(grid, 2)
const classes = Float32Array.from(values, (v) => (Number.isNaN(v) ? -9999 : Math.floor(Math.abs(v) * 3)))
const decibels = Float32Array.from(values, (v) => (Number.isNaN(v) ? -9999 : -10 - 3 * v))

const folder = mkdtempSync(join(tmpdir(), 'loam-tiles-'))
let project: TileProject
let map: MapService

beforeAll(async () => {
  project = await TileProject.create(folder)
  await project.add('wet', grid, { [first]: values, [second]: later }, { unit: 'm3 m-3' })
  await project.add('rough', coarse, { [first]: hill(coarse, 3) }, { unit: 'm3 m-3' })
  await project.add('classes', grid, { static: classes }, { kind: 'categorical' })
  await project.add('radar', grid, { static: decibels }, { kind: 'decibel', unit: 'dB' })
  map = new MapService(project.engine.project)
})
afterAll(async () => {
  map.close()
  await project.close()
  rmSync(folder, { recursive: true, force: true })
})

const dataset = (name: string) => ({ of: 'dataset' as const, dataset: name, variable: name })
const field = (expression: never, name = 'field') => ({ of: 'field' as const, expression, fields: {}, name })

async function tileOf(layer: TiledLayer, on: string, level: number, row: number, col: number): Promise<TileBody> {
  const bytes = await map.tile(layer.id, on as never, { level, row, col })
  return decodeTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** A whole level put together from its tiles. */
async function levelOf(layer: TiledLayer, on: string, level: number): Promise<Block> {
  const [rows, cols] = [layer.grid.rows, layer.grid.cols].map((size) => Math.ceil(size / 2 ** level))
  const whole = { rows, cols, values: new Float32Array(rows * cols), reasons: new Uint8Array(rows * cols) }
  for (let row = 0; row * 256 < rows; row++)
    for (let col = 0; col * 256 < cols; col++) {
      const tile = await tileOf(layer, on, level, row, col)
      expect([tile.rows, tile.cols]).toEqual([Math.min(256, rows - row * 256), Math.min(256, cols - col * 256)])
      for (let r = 0; r < tile.rows; r++) {
        const to = (row * 256 + r) * cols + col * 256
        whole.values.set(tile.values.subarray(r * tile.cols, (r + 1) * tile.cols), to)
        whole.reasons.set(tile.reasons.subarray(r * tile.cols, (r + 1) * tile.cols), to)
      }
    }
  return whole
}

/** A cell of a level by the definition, from the numbers the test wrote. */
function plain(from: Float32Array, kind: Kind, level: number, row: number, col: number): number {
  const found: number[] = []
  for (let r = row * 2 ** level; r < Math.min(grid.rows, (row + 1) * 2 ** level); r++)
    for (let c = col * 2 ** level; c < Math.min(grid.cols, (col + 1) * 2 ** level); c++) {
      const value = from[r * grid.cols + c]
      if (!Number.isNaN(value) && value !== -9999) found.push(value)
    }
  const mean = (all: number[]): number => all.reduce((a, b) => a + b, 0) / all.length
  if (found.length === 0) return Number.NaN
  if (kind === 'continuous') return mean(found)
  if (kind === 'decibel') return 10 * Math.log10(mean(found.map((v) => 10 ** (v / 10))))
  const tally = new Map<number, number>()
  for (const value of found) tally.set(value, (tally.get(value) ?? 0) + 1)
  return [...tally].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0]
}

describe('tiles of a dataset', () => {
  test('level 0 holds the numbers that were written; its facts are those of the dataset', async () => {
    const layer = await map.openLayer(dataset('wet'))
    expect(layer).toMatchObject({
      grid,
      levels: 4,
      tileCells: 256,
      unit: 'm3 m-3',
      times: [first, second],
      kind: 'continuous',
    })
    const { values: read, reasons } = await levelOf(layer, second, 0)
    expect(read.every((v, i) => Object.is(v, later[i]))).toBe(true)
    expect(reasons.every((reason, i) => (reason === reasonCodes.no_data) === Number.isNaN(later[i]))).toBe(true)
    const found = [...values, ...later].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b)
    expect(layer.sampled!.min).toBeGreaterThanOrEqual(found[0])
    expect(layer.sampled!.max).toBeLessThanOrEqual(found.at(-1)!)
    expect(layer.sampled!.low).toBeLessThan(layer.sampled!.high)
  })

  test.each([
    ['wet', 'continuous', values],
    ['classes', 'categorical', classes],
    ['radar', 'decibel', decibels],
  ] as const)('coarser levels of %s are means by its kind (%s)', async (name, kind, from) => {
    const layer = await map.openLayer(dataset(name))
    let gaps = 0
    for (const level of [1, 3]) {
      const { rows, cols, values: read, reasons } = await levelOf(layer, name === 'wet' ? first : 'static', level)
      for (let i = 0; i < rows * cols; i += 7) {
        const expected = plain(from, kind, level, Math.floor(i / cols), i % cols)
        if (Number.isNaN(expected)) gaps++
        expect(reasons[i]).toBe(Number.isNaN(expected) ? reasonCodes.no_data : reasonCodes.none)
        expect(Math.abs(read[i] - expected) || 0).toBeLessThan(1e-4)
      }
    }
    expect(gaps).toBeGreaterThan(100)
  })

  test('what was computed is found again by another service, and a damaged file is made anew', async () => {
    const layer = await map.openLayer(dataset('wet'))
    const before = await levelOf(layer, first, 2)
    const tiles = join(project.engine.project.storeFolder, 'tiles')
    const squares = () =>
      readdirSync(tiles, { recursive: true, encoding: 'utf8' }).filter((path) => /[0-9a-f]{64}$/.test(path))
    await expect.poll(() => squares().length).toBeGreaterThan(1)
    for (const path of squares()) writeFileSync(join(tiles, path), 'damaged')
    const other = new MapService(project.engine.project)
    const opened = await other.openLayer(dataset('wet'))
    expect(opened).toEqual(layer)
    const bytes = await other.tile(opened.id, first, { level: 2, row: 0, col: 0 })
    const tile = decodeTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    expect(tile.values[300]).toBe(before.values[Math.floor(300 / tile.cols) * before.cols + (300 % tile.cols)])
    other.close()
  })

  test('a date without a scene is empty, and says so; a tile outside is refused', async () => {
    const layer = await map.openLayer(dataset('wet'))
    for (const level of [0, 3]) {
      const tile = await tileOf(layer, '2019-06-05', level, 0, 0)
      expect(new Set(tile.reasons)).toEqual(new Set([reasonCodes.no_scene]))
      expect(tile.values.every(Number.isNaN)).toBe(true)
    }
    await expect(map.tile(layer.id, first, { level: 0, row: 9, col: 0 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(map.tile(layer.id, first, { level: 9, row: 0, col: 0 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(map.tile(layer.id, 'static', { level: 0, row: 0, col: 0 })).rejects.toMatchObject({
      code: 'bad_input',
    })
    await expect(map.tile('gone', first, { level: 0, row: 0, col: 0 })).rejects.toMatchObject({ code: 'unknown_name' })
  })
})

describe('fields, differences, other CRSs', () => {
  test('a formula is drawn like a dataset, and has an id of its content', async () => {
    const expression = { formula: 'a * 2', inputs: { a: 'wet' }, unit: '1' } as never
    const layer = await map.openLayer(field(expression))
    const tile = await tileOf(layer, first, 0, 2, 1)
    for (let i = 0; i < tile.values.length; i += 11) {
      const source = values[(512 + Math.floor(i / tile.cols)) * grid.cols + 256 + (i % tile.cols)]
      expect(tile.values[i]).toBe(Number.isNaN(source) ? Number.NaN : Math.fround(source * 2))
    }
    expect((await map.openLayer(field(expression, 'other name'))).id).toBe(layer.id)
    expect((await map.openLayer(field({ formula: 'a * 3', inputs: { a: 'wet' }, unit: '1' } as never))).id).not.toBe(
      layer.id,
    )
    await expect(map.openLayer(field('nothing' as never))).rejects.toMatchObject({ code: 'unknown_name' })
  })

  test('a difference is on the finer grid, each side brought there by its own kind', async () => {
    const layer = await map.openLayer({ of: 'difference', a: dataset('wet'), b: dataset('rough') })
    expect(layer).toMatchObject({ grid, unit: 'm3 m-3', times: [first], kind: 'continuous' })
    const fine = await map.openLayer(field('wet' as never))
    const [a, both] = [await tileOf(fine, first, 0, 1, 1), await tileOf(layer, first, 0, 1, 1)]
    // The centre of a coarse cell has its plain value.
    const roughValues = hill(coarse, 3)
    let compared = 0
    for (let i = 0; i < both.values.length; i++) {
      const [row, col] = [256 + Math.floor(i / both.cols), 256 + (i % both.cols)]
      if (row % 9 !== 4 || col % 9 !== 4) continue
      const b = roughValues[Math.floor(row / 9) * coarse.cols + Math.floor(col / 9)]
      if (Number.isNaN(both.values[i])) continue
      compared++
      expect(both.values[i]).toBeCloseTo(a.values[i] - b, 5)
    }
    expect(compared).toBeGreaterThan(200)
    for (const b of ['classes', 'radar'])
      await expect(map.openLayer({ of: 'difference', a: dataset('wet'), b: dataset(b) })).rejects.toMatchObject({
        code: b === 'radar' ? 'unit_mismatch' : expect.stringMatching(/unit_mismatch|bad_recipe/),
      })
  })

  test('another CRS: cells of the same size, each with the value of the place it covers', async () => {
    const layer = await map.openLayer(dataset('wet'), 'EPSG:3035')
    expect(layer.grid.crs).toBe('EPSG:3035')
    expect(layer.grid.transform[1]).toBeCloseTo(10, 0)
    expect(layer.grid).toEqual(gridInCrs(grid, 'EPSG:3035'))
    const tile = await tileOf(layer, first, 0, 2, 1)
    const [west, width, , north, , height] = layer.grid.transform
    const x = Float64Array.from(tile.values, (_, i) => west + (256 + (i % tile.cols) + 0.5) * width)
    const y = Float64Array.from(tile.values, (_, i) => north + (512 + Math.floor(i / tile.cols) + 0.5) * height)
    transformPoints('EPSG:3035', grid.crs, x, y)
    let compared = 0
    for (let i = 0; i < tile.values.length; i++) {
      const row = Math.floor((y[i] - grid.transform[3]) / grid.transform[5])
      const col = Math.floor((x[i] - grid.transform[0]) / grid.transform[1])
      if (row < 1 || col < 1 || row >= grid.rows - 1 || col >= grid.cols - 1 || Number.isNaN(tile.values[i])) continue
      // Interpolated: between the smallest and largest of the 3 × 3 cells around.
      const around = [-1, 0, 1]
        .flatMap((r) => [-1, 0, 1].map((c) => values[(row + r) * grid.cols + col + c]))
        .filter((v) => !Number.isNaN(v))
      compared++
      expect(tile.values[i]).toBeGreaterThanOrEqual(Math.min(...around) - 1e-5)
      expect(tile.values[i]).toBeLessThanOrEqual(Math.max(...around) + 1e-5)
    }
    expect(compared).toBeGreaterThan(10_000)
    await expect(map.openLayer(dataset('wet'), 'EPSG:1')).rejects.toMatchObject({ code: 'unsupported_grid' })
  })

  test('a field without a grid is drawn on one of the project', async () => {
    const layer = await map.openLayer(field({ calendar: 'dayOfYear' } as never))
    expect(layer).toMatchObject({ times: 'any', grid })
    expect((await tileOf(layer, '2019-02-03', 0, 0, 0)).values[77]).toBe(34)
  })
})

describe('histogram, cell, series', () => {
  test('counts every cell of a view once', async () => {
    const layer = await map.openLayer(dataset('wet'))
    const extent = [600_000, 5_797_000, 602_000, 5_799_000] as const
    const found = await map.histogram(layer.id, first, { extent, bins: 20, range: [-1, 1] })
    const inside: number[] = []
    for (let row = 100; row < 300; row++) for (let col = 0; col < 200; col++) inside.push(values[row * grid.cols + col])
    const valid = inside.filter((v) => !Number.isNaN(v))
    expect(found).toMatchObject({ level: 0, cells: 40_000, valid: valid.length, range: [-1, 1] })
    expect(found.counts).toEqual(
      Array.from(
        { length: 20 },
        (_, bin) => valid.filter((v) => v >= -1 && v <= 1 && Math.min(19, Math.floor((v + 1) * 10)) === bin).length,
      ),
    )
    expect([found.below, found.above]).toEqual([valid.filter((v) => v < -1).length, valid.filter((v) => v > 1).length])
    expect(found.mean).toBeCloseTo(valid.reduce((a, b) => a + b, 0) / valid.length, 9)
    expect(found.rms).toBeCloseTo(Math.sqrt(valid.reduce((a, b) => a + b * b, 0) / valid.length), 9)
    expect(found.reasons).toEqual({ no_data: inside.length - valid.length })
    const whole = await map.histogram((await map.openLayer(dataset('classes'))).id, 'static', { bins: 64 })
    expect(whole.classes).toEqual([...new Set(classes)].filter((v) => v !== -9999).sort((a, b) => a - b))
  })

  test('a place is found in any CRS, and outside there is a reason', async () => {
    const layers = [await map.openLayer(dataset('wet')), await map.openLayer(dataset('rough'))]
    const [x, y] = [Float64Array.of(602_456), Float64Array.of(5_795_432)]
    const cell = { row: 456, col: 245 }
    transformPoints(grid.crs, 'EPSG:4326', x, y)
    const { layers: found } = await map.inspect({ x: x[0], y: y[0], crs: 'EPSG:4326' }, first, [
      layers[0].id,
      layers[1].id,
      'gone',
    ])
    expect(found[0]).toMatchObject({ cell, value: values[456 * grid.cols + 245], reason: null, unit: 'm3 m-3' })
    expect(found[1].cell).toEqual({ row: 50, col: 27 })
    expect(found[2].fault?.code).toBe('unknown_name')
    const outside = await map.inspect({ x: 0, y: 0, crs: grid.crs }, first, [layers[0].id])
    expect(outside.layers[0]).toMatchObject({ value: null, reason: 'outside_source', cell: null })
    expect(outside.layers[0].reasonText).toMatch(/does not reach/)
  })

  test('a series has gaps where there is no scene', async () => {
    const layer = await map.openLayer(dataset('wet'))
    const days = [first, second, day('2019-06-03')]
    const at = { x: 602_456, y: 5_795_432, crs: grid.crs }
    const { series } = await map.cellSeries(at, { days, layers: [layer.id, 'gone'], runs: [], stations: [] })
    expect(series[0].values).toEqual([values[456 * grid.cols + 245], later[456 * grid.cols + 245], null])
    expect(series[0].reasons).toEqual([null, null, 'no_scene'])
    expect(series[1].fault?.code).toBe('unknown_name')
  })
})
