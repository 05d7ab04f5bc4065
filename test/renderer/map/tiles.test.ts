import { describe, expect, test } from 'vitest'
import { encodeTile } from '../../../main/contract/index.ts'
import type { Day, TiledLayer } from '../../../main/contract/index.ts'
import { planTiles, withHalos } from '../../../renderer/map/tiles/drawn-tiles.ts'
import { readCell } from '../../../renderer/map/tiles/read-cell.ts'
import { ancestorOf, levelFor, tileExtent, tilesIn } from '../../../renderer/map/tiles/tile-grid.ts'
import { TileStore, tileKey } from '../../../renderer/map/tiles/tile-store.ts'
import type { LoadedTile, TileAddress } from '../../../renderer/map/tiles/tile-store.ts'
import { viewStatistics } from '../../../renderer/map/tiles/view-statistics.ts'
import { cellOf, testLayers } from './tile-server.ts'

const fine = testLayers.find(({ id }) => id === 'fine')!
const day = '2018-07-04' as Day
const everywhere = { west: 0, east: 1e7, south: 0, north: 1e7 }

describe('tiles of a grid', () => {
  test('cover each cell of each level exactly once', () => {
    for (let level = 0; level < fine.levels; level++) {
      const step = 2 ** level
      const places = tilesIn(fine, level, everywhere)
      const area = places.reduce((sum, place) => {
        const { bounds } = tileExtent(fine, place)
        return sum + (bounds.east - bounds.west) * (bounds.north - bounds.south)
      }, 0)
      expect(places).toHaveLength(Math.ceil(200 / step / 64) * Math.ceil(150 / step / 64))
      expect(area).toBe(2000 * 1500)
    }
  })

  test('come nearest to the middle of the view first', () => {
    const places = tilesIn(fine, 0, { west: 500_000, east: 502_000, north: 6_000_000, south: 5_998_500 })
    expect(places[0]).toMatchObject({ row: 1 })
    expect([1, 2]).toContain(places[0].col)
  })

  test('have cells of about one device pixel', () => {
    expect(levelFor(fine, 0.1)).toBe(0)
    expect(levelFor(fine, 0.05)).toBe(1)
    expect(levelFor(fine, 10)).toBe(0)
    expect(levelFor(fine, 1e-6)).toBe(fine.levels - 1)
  })

  test('a tile lies in its ancestor where the ancestor shows the same ground', () => {
    const place = { level: 0, row: 2, col: 3 }
    const own = tileExtent(fine, place)
    const above = ancestorOf(fine, place, 2)!
    const { bounds } = tileExtent(fine, above.place)
    expect(above.place).toEqual({ level: 2, row: 0, col: 0 })
    expect(bounds.west + above.cells.col * 40).toBe(own.bounds.west)
    expect(bounds.north - above.cells.row * 40).toBe(own.bounds.north)
    expect(above.cells.cols * 40).toBe(own.bounds.east - own.bounds.west)
  })
})

/** A loader whose answers are given by hand. */
function byHand() {
  const open = new Map<string, { give: () => void; signal: AbortSignal }>()
  const asked: string[] = []
  const load = (address: TileAddress, signal: AbortSignal) =>
    new Promise<LoadedTile>((resolve, reject) => {
      const key = tileKey(address)
      asked.push(key)
      signal.addEventListener('abort', () => reject(new Error('aborted')))
      open.set(key, { signal, give: () => resolve(loaded(address)) })
    })
  return { load, open, asked }
}

function tileBytes({ level, row, col }: TileAddress): Uint8Array<ArrayBuffer> {
  const step = 2 ** level
  const cols = Math.min(64, Math.ceil(200 / step) - col * 64)
  const rows = Math.min(64, Math.ceil(150 / step) - row * 64)
  const cells = Array.from({ length: rows * cols }, (_, i) =>
    cellOf('fine', (row * 64 + Math.floor(i / cols)) * step, (col * 64 + (i % cols)) * step, day),
  )
  return encodeTile({
    rows,
    cols,
    values: Float32Array.from(cells, ({ value }) => value),
    reasons: Uint8Array.from(cells, ({ reason }) => reason),
  })
}

const loaded = (address: TileAddress): LoadedTile => ({
  bytes: tileBytes(address).buffer,
  oneOf: address.isQuick ? 4 ** address.level : 1,
})

const at = (level: number, row: number, col: number): TileAddress => ({ layer: 'fine', day, level, row, col })
const settle = () => new Promise((done) => setTimeout(done, 0))

describe('the tile store', () => {
  test('fetches a tile once, at most as many at a time as allowed, and gives up what is no longer wanted', async () => {
    const { load, open, asked } = byHand()
    const store = new TileStore({ load, parallel: 2 })
    store.want([at(0, 0, 0), at(0, 0, 1), at(0, 0, 2)])
    store.want([at(0, 0, 0), at(0, 0, 1), at(0, 0, 2)])
    expect(asked).toHaveLength(2)
    open.get(tileKey(at(0, 0, 0)))!.give()
    await settle()
    expect(asked).toHaveLength(3)
    store.want([at(0, 0, 0)])
    expect(open.get(tileKey(at(0, 0, 1)))!.signal.aborted).toBe(true)
    await settle()
    expect(store.reader().get(at(0, 0, 0))!.cols).toBe(64)
    expect(store.reader().get(at(0, 0, 1))).toBeNull()
    expect(store.reader().faultOf(at(0, 0, 1))).toBeNull()
  })

  test('keeps within its bytes, drops what was used longest ago, never what is wanted', async () => {
    const { load, open } = byHand()
    const bytesOfOne = 64 * 64 * 5
    const store = new TileStore({ load, maxBytes: 2 * bytesOfOne })
    const all = [at(0, 0, 0), at(0, 0, 1), at(0, 0, 2)]
    for (const address of all) {
      store.want([address])
      open.get(tileKey(address))!.give()
      await settle()
    }
    expect(all.map((address) => store.reader().get(address) !== null)).toEqual([false, true, true])
  })

  test('remembers why a tile failed and asks again on request', async () => {
    let calls = 0
    const load = () => Promise.reject(new Error(`try ${++calls}`))
    const store = new TileStore({ load })
    store.want([at(0, 0, 0)])
    await settle()
    store.want([at(0, 0, 0)])
    await settle()
    expect(store.reader().faultOf(at(0, 0, 0))!.message).toBe('try 1')
    store.retry()
    await settle()
    expect(calls).toBe(2)
  })
})

describe('the plan of a view', () => {
  const view = { west: 500_000, east: 501_280, north: 6_000_000, south: 5_999_360 }
  const scene = { view, pixelsPerUnit: 0.1 }

  async function storeWith(addresses: readonly TileAddress[]): Promise<TileStore> {
    const store = new TileStore({ load: (address) => Promise.resolve(loaded(address)) })
    store.want(addresses)
    await settle()
    return store
  }

  test('shows the part of a coarser tile until the finer one is there', async () => {
    const store = await storeWith([at(1, 0, 0), at(0, 0, 1)])
    const plan = planTiles(store.reader(), fine, day, scene)
    expect(plan.wanted).toHaveLength(2)
    expect(plan.missing).toBe(1)
    const standIn = plan.drawn.find(({ address }) => address.level === 1)!
    expect(standIn.cells).toEqual({ row: 0, col: 0, rows: 32, cols: 32 })
    expect(standIn.bounds).toEqual(tileExtent(fine, { level: 0, row: 0, col: 0 }).bounds)
  })

  test('shows finer tiles while the coarser one is on its way', async () => {
    const store = await storeWith([at(0, 0, 0)])
    const plan = planTiles(store.reader(), fine, day, { view, pixelsPerUnit: 0.05 })
    expect(plan.drawn.map(({ address }) => address.level)).toEqual([0])
  })

  test('a large layer is seen whole at a glance before anything is averaged', async () => {
    const large = { ...fine, isLarge: true }
    const far = { view, pixelsPerUnit: 0.025 }
    const glance = { ...at(2, 0, 0), isQuick: true }
    const store = await storeWith([])
    expect(planTiles(store.reader(), large, day, far).wanted).toEqual([glance])
    expect(planTiles(store.reader(), fine, day, far).wanted).toEqual([at(2, 0, 0)])
    // Near cells cost little: they are read at once.
    expect(planTiles(store.reader(), large, day, scene).wanted).not.toContainEqual(
      expect.objectContaining({ isQuick: true }),
    )
    store.want([glance])
    await settle()
    const seen = planTiles(store.reader(), large, day, far)
    expect(seen).toMatchObject({ wanted: [at(2, 0, 0)], missing: 1, oneOf: 16 })
    expect(seen.drawn[0].bounds).toEqual(tileExtent(fine, at(2, 0, 0)).bounds)
    store.want(seen.wanted)
    await settle()
    expect(planTiles(store.reader(), large, day, far)).toMatchObject({ missing: 0, oneOf: 1 })
  })

  test('a border holds the cells of the tiles around, and none where they are not known', async () => {
    const store = await storeWith([at(0, 0, 0), at(0, 0, 1), at(0, 1, 0), at(0, 1, 1)])
    const [piece] = withHalos(store.reader(), planTiles(store.reader(), fine, day, scene).drawn)
    const { rows, cols, values, reasons } = piece.haloed!
    const { row: tileRow, col: tileCol } = piece.address
    expect([rows, cols]).toEqual([66, 66])
    for (let row = -1; row <= 64; row++)
      for (let col = -1; col <= 64; col++) {
        const [gridRow, gridCol] = [64 * tileRow + row, 64 * tileCol + col]
        const isKnown = gridRow >= 0 && gridCol >= 0 && gridCol < 128
        const expected = isKnown
          ? cellOf('fine', gridRow, gridCol, day)
          : { value: Number.NaN, reason: expect.anything() }
        const i = (row + 1) * 66 + col + 1
        expect(values[i]).toBe(Math.fround(expected.value))
        expect(reasons[i]).toEqual(expected.reason)
      }
    expect(withHalos(store.reader(), [piece])[0].haloed).toBe(piece.haloed)
  })

  test('wants nothing on a day without a scene', async () => {
    const store = await storeWith([])
    expect(planTiles(store.reader(), fine, '2018-07-05' as Day, scene).wanted).toEqual([])
  })

  test('a value is read from it to the last bit, with its reason', async () => {
    const store = await storeWith([at(0, 0, 0), at(0, 0, 1)])
    const { drawn } = planTiles(store.reader(), fine, day, scene)
    for (const [row, col] of [
      [0, 0],
      [12, 70],
      [63, 127],
      [5, 30],
      [15, 25],
      [3, 45],
    ]) {
      const reading = readCell(drawn, 64, { x: 500_000 + 10 * col + 5, y: 6_000_000 - 10 * row - 5 })!
      const expected = cellOf('fine', row, col, day)
      expect(reading).toMatchObject({ row, col, level: 0, reason: expected.reason })
      expect(reading.value).toBe(Math.fround(expected.value))
    }
    expect(readCell(drawn, 64, { x: 499_999, y: 5_999_999 })).toBeNull()
  })

  test('statistics are those of the cells in view', async () => {
    const store = await storeWith([at(0, 0, 0), at(0, 0, 1)])
    const { drawn } = planTiles(store.reader(), fine, day, scene)
    const part = { west: 500_100, east: 500_500, north: 5_999_900, south: 5_999_800 }
    const cells = []
    for (let row = 10; row < 20; row++) for (let col = 10; col < 50; col++) cells.push(cellOf('fine', row, col, day))
    const values = cells.map(({ value }) => Math.fround(value)).filter((value) => !Number.isNaN(value))
    const statistics = viewStatistics(drawn, part, [0, 0.05])
    expect(statistics.cells).toBe(400)
    expect(statistics.valid).toBe(values.length)
    expect(statistics.above).toBe(values.filter((value) => value > 0.05).length)
    expect(statistics.bins.reduce((sum, count) => sum + count, 0)).toBe(values.length - statistics.above)
    expect(statistics.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 10)
    expect(statistics.reasons[1]).toBe(cells.filter(({ reason }) => reason === 1).length)
  })
})

test('the reader is a new object after each change, so that pictures follow', async () => {
  const store = new TileStore({ load: (address) => Promise.resolve(loaded(address)) })
  const before = store.reader()
  store.want([at(2, 0, 0)])
  await settle()
  expect(store.reader()).not.toBe(before)
})

test('a layer of the test server has the shape of the contract', () => {
  expect(testLayers.every((layer: TiledLayer) => layer.levels > 0)).toBe(true)
})
