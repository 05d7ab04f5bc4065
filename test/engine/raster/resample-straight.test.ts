import { describe, expect, it } from 'vitest'
import { reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { Block, Grid, Kind } from '../../../main/contract/index.ts'
import { resample } from '../../../main/engine/raster/index.ts'
import { grid, madeSource, noise } from './made-source.ts'
import type { MadeSource } from './made-source.ts'

const utm = 'EPSG:32631'
const half = { minValidFraction: 0.5 }

/** Share of [a, b] that lies in [c, d], times (b − a). */
const overlap = (a: number, b: number, c: number, d: number): number => Math.max(0, Math.min(b, d) - Math.max(a, c))

/** The same numbers in plain lines: every source cell against every target cell, by overlapping area on the map. */
function overlapMean(source: MadeSource, target: Grid, minValidFraction: number): Block {
  const [sx, sw, , sy, , sh] = source.grid.transform
  const [tx, tw, , ty, , th] = target.transform
  const values = new Float32Array(target.rows * target.cols).fill(NaN)
  const reasons = new Uint8Array(target.rows * target.cols)
  for (let t = 0; t < values.length; t++) {
    const west = tx + (t % target.cols) * tw
    const north = ty + Math.floor(t / target.cols) * th
    let sum = 0
    let valid = 0
    const missing = new Array<number>(12).fill(0)
    missing[reasonCodes.outside_source] = Math.abs(tw * th)
    for (let s = 0; s < source.values.length; s++) {
      const x = sx + (s % source.grid.cols) * sw
      const y = sy + Math.floor(s / source.grid.cols) * sh
      const area = overlap(west, west + tw, x, x + sw) * overlap(north + th, north, y + sh, y)
      missing[reasonCodes.outside_source] -= area
      if (source.reasons[s] !== 0) missing[source.reasons[s]] += area
      else {
        sum += area * source.values[s]
        valid += area
      }
    }
    if (valid > 0 && valid / Math.abs(tw * th) >= minValidFraction - 1e-6) values[t] = sum / valid
    else reasons[t] = valid > 1e-6 ? reasonCodes.too_few_valid : missing.indexOf(Math.max(...missing))
  }
  return { rows: target.rows, cols: target.cols, values, reasons }
}

function expectBlock(block: Block, expected: Block, digits = 6): void {
  expect([...block.reasons]).toEqual([...expected.reasons])
  block.values.forEach((value, i) => {
    if (block.reasons[i] === 0) expect(value).toBeCloseTo(expected.values[i], digits)
    else expect(value).toBeNaN()
  })
}

describe('to coarser cells', () => {
  const source = madeSource(grid(utm, 500_000, 4_700_000, 30, 41, 57), 'continuous', noise(1, 0.3))

  it.each([
    ['nested', grid(utm, 500_000, 4_700_000, 90, 13, 19)],
    ['nested and beyond the source', grid(utm, 500_000 - 180, 4_700_000 + 90, 90, 18, 24)],
    ['shifted by parts of a cell', grid(utm, 500_011, 4_699_987, 71.3, 17, 25)],
    ['1.2 cells wide', grid(utm, 500_003, 4_699_991, 36, 30, 40)],
    ['wide, not high', grid(utm, 500_000, 4_700_000, [120, 31], 35, 16)],
  ])('equals overlap in plain lines: %s', async (_, target) => {
    for (const minValidFraction of [0, 0.5, 0.8]) {
      const block = await resample(source, wholeGrid(target), { minValidFraction })
      expectBlock(block, overlapMean(source, target, minValidFraction))
    }
  })

  it('conserves the mean over nested grids', async () => {
    const whole = madeSource(grid(utm, 0, 9000, 10, 360, 240), 'continuous', noise(2))
    const coarse = await resample(whole, wholeGrid(grid(utm, 0, 9000, 120, 30, 20)), half)
    const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length
    expect(mean(coarse.values)).toBeCloseTo(mean(whole.values), 6)
  })

  it('brings SMAP 9 km to the 36 km cells it nests in', async () => {
    const [smap9, smap36] = [9008.055210146, 36032.220840584]
    const nine = madeSource(grid('EPSG:6933', -17367530.45, 7314540.83, smap9, 1624, 64), 'continuous', noise(3))
    const target = grid('EPSG:6933', -17367530.45, 7314540.83, smap36, 406, 16)
    const block = await resample(nine, wholeGrid(target), { minValidFraction: 1 })
    for (let row = 0; row < 406; row++)
      for (let col = 0; col < 16; col++) {
        let sum = 0
        for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) sum += nine.values[(4 * row + r) * 64 + 4 * col + c]
        expect(block.values[row * 16 + col]).toBeCloseTo(sum / 16, 6)
      }
  })

  it('tells the main reason where nothing is valid and too_few_valid where little is', async () => {
    const { masked, no_data, too_few_valid, outside_source } = reasonCodes
    const cells = madeSource(grid(utm, 0, 4, 1, 4, 4), 'continuous', (row, col) => (row < 2 && col < 2 ? 7 : NaN))
    cells.reasons.set([masked, masked, masked, no_data], 8)
    cells.reasons.set([masked, no_data, no_data, no_data], 12)
    const block = await resample(cells, wholeGrid(grid(utm, 0, 4, 2, 3, 3)), half)
    expect([...block.reasons]).toEqual([
      0,
      no_data,
      outside_source,
      masked,
      no_data,
      ...Array<number>(4).fill(outside_source),
    ])
    const wide = await resample(cells, wholeGrid(grid(utm, 0, 4, 4, 1, 1)), half)
    expect([...wide.reasons]).toEqual([too_few_valid])
    const loose = await resample(cells, wholeGrid(grid(utm, 0, 4, 4, 1, 1)), { minValidFraction: 0.25 })
    expect([...loose.values]).toEqual([7])
  })
})

describe('kinds average in their own way', () => {
  const pair = (kind: Kind, a: number, b: number): Promise<Block> => {
    const source = madeSource(grid(utm, 0, 1, 1, 1, 2), kind, (_, col) => (col === 0 ? a : b))
    return resample(source, wholeGrid(grid(utm, 0, 1, [2, 1], 1, 1)), half)
  }

  it('directions as unit vectors', async () => {
    expect((await pair('circular', 350, 10)).values[0]).toBeCloseTo(0, 4)
    expect((await pair('circular', 80, 100)).values[0]).toBeCloseTo(90, 4)
    expect((await pair('circular', 200, 280)).values[0]).toBeCloseTo(240, 4)
    const opposite = await pair('circular', 90, 270)
    expect(opposite.values[0]).toBeNaN()
    expect(opposite.reasons[0]).toBe(reasonCodes.not_finite)
  })

  it('never gives 360 for a direction just west of north', async () => {
    const block = await pair('circular', 359.99999, 359.99999)
    expect(block.values[0]).toBeGreaterThanOrEqual(0)
    expect(block.values[0]).toBeLessThan(360)
  })

  it('decibels as power', async () => {
    expect((await pair('decibel', -10, -20)).values[0]).toBeCloseTo(10 * Math.log10((0.1 + 0.01) / 2), 5)
    expect((await pair('decibel', -13.5, -13.5)).values[0]).toBeCloseTo(-13.5, 5)
  })

  it('classes by area, the smaller of equal ones', async () => {
    expect((await pair('categorical', 9, 4)).values[0]).toBe(4)
    const classes = [3, 3, 8, 8, 8, 3, 8, 3, 8]
    const source = madeSource(grid(utm, 0, 3, 1, 3, 3), 'categorical', (row, col) => classes[row * 3 + col])
    expect((await resample(source, wholeGrid(grid(utm, 0, 3, 3, 1, 1)), half)).values[0]).toBe(8)
  })

  it('classes with missing cells and uneven overlap as in plain lines', async () => {
    const random = noise(5, 0.25)
    const source = madeSource(grid(utm, 0, 200, 10, 20, 31), 'categorical', (r, c) => Math.floor(random(r, c) * 4))
    const target = grid(utm, 3, 196, 37, 5, 8)
    const block = await resample(source, wholeGrid(target), half)
    for (let t = 0; t < block.values.length; t++) {
      const [west, north] = [3 + (t % 8) * 37, 196 - Math.floor(t / 8) * 37]
      const area = new Map<number, number>()
      source.values.forEach((value, s) => {
        const [x, y] = [(s % 31) * 10, 200 - Math.floor(s / 31) * 10]
        const shared = overlap(west, west + 37, x, x + 10) * overlap(north - 37, north, y - 10, y)
        if (source.reasons[s] === 0) area.set(value, (area.get(value) ?? 0) + shared)
      })
      const valid = [...area.values()].reduce((a, b) => a + b, 0)
      if (valid / 37 ** 2 < 0.5) expect(block.reasons[t]).not.toBe(0)
      else expect(block.values[t]).toBe([...area].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0])
    }
  })
})

describe('to finer cells', () => {
  it('is linear between centres, constant beyond the outermost, nothing beyond the edge', async () => {
    const source = madeSource(grid(utm, 0, 40, 10, 4, 6), 'continuous', (row, col) => 2 * col - 3 * row)
    const target = grid(utm, -5, 45, 2.5, 20, 28)
    const block = await resample(source, wholeGrid(target), half)
    for (let t = 0; t < block.values.length; t++) {
      const x = -5 + ((t % 28) + 0.5) * 2.5
      const y = 45 - (Math.floor(t / 28) + 0.5) * 2.5
      if (x < 0 || x > 60 || y < 0 || y > 40) {
        expect(block.reasons[t]).toBe(reasonCodes.outside_source)
        continue
      }
      const col = Math.min(Math.max(x / 10 - 0.5, 0), 5)
      const row = Math.min(Math.max((40 - y) / 10 - 0.5, 0), 3)
      expect(block.values[t]).toBeCloseTo(2 * col - 3 * row, 5)
    }
  })

  it('leaves missing neighbours out while half of the weight is valid, else takes their reason', async () => {
    const { masked } = reasonCodes
    const source = madeSource(grid(utm, 0, 1, 1, 1, 2), 'continuous', (_, col) => (col === 0 ? 5 : NaN), masked)
    const block = await resample(source, wholeGrid(grid(utm, 0, 1, [0.2, 1], 1, 10)), half)
    expect([...block.values.subarray(0, 5)]).toEqual([5, 5, 5, 5, 5])
    expect([...block.reasons]).toEqual([0, 0, 0, 0, 0, masked, masked, masked, masked, masked])
  })

  it('takes the nearest class', async () => {
    const source = madeSource(grid(utm, 0, 2, 1, 2, 2), 'categorical', (row, col) => 10 * row + col)
    const block = await resample(source, wholeGrid(grid(utm, 0, 2, 0.5, 4, 4)), half)
    expect([...block.values]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 10, 10, 11, 11, 10, 10, 11, 11])
  })

  it('interpolates directions over north and decibels as power', async () => {
    const directions = madeSource(grid(utm, 0, 1, 1, 1, 2), 'circular', (_, col) => (col === 0 ? 350 : 10))
    const middle = grid(utm, 0.75, 1, [0.5, 1], 1, 1)
    expect((await resample(directions, wholeGrid(middle), half)).values[0]).toBeCloseTo(0, 4)
    const decibels = madeSource(grid(utm, 0, 1, 1, 1, 2), 'decibel', (_, col) => (col === 0 ? -10 : -20))
    expect((await resample(decibels, wholeGrid(middle), half)).values[0]).toBeCloseTo(10 * Math.log10(0.055), 5)
  })

  it('averages along the coarser side and interpolates along the finer', async () => {
    const source = madeSource(grid(utm, 0, 8, 1, 8, 8), 'continuous', (row, col) => row * row + 10 * col)
    const block = await resample(source, wholeGrid(grid(utm, 0, 8, [4, 0.5], 16, 2)), half)
    for (let t = 0; t < 32; t++) {
      const row = Math.min(Math.max((Math.floor(t / 2) + 0.5) / 2 - 0.5, 0), 7)
      const [above, share] = [Math.min(Math.floor(row), 6), row - Math.min(Math.floor(row), 6)]
      const along = (1 - share) * above ** 2 + share * (above + 1) ** 2
      expect(block.values[t]).toBeCloseTo(along + (t % 2 === 0 ? 15 : 55), 4)
    }
  })
})

describe('cells that coincide', () => {
  it('are taken as they are, with what lies beyond marked', async () => {
    const source = madeSource(grid(utm, 1000, 2000, 10, 6, 5), 'continuous', noise(7, 0.2))
    const target = grid(utm, 980, 2020.000001, 10, 12, 11)
    const block = await resample(source, { grid: target, row: 1, col: 1, rows: 10, cols: 9 }, half)
    for (let t = 0; t < 90; t++) {
      const [row, col] = [Math.floor(t / 9) - 1, (t % 9) - 1]
      const isInside = row >= 0 && row < 6 && col >= 0 && col < 5
      expect(block.reasons[t]).toBe(isInside ? source.reasons[row * 5 + col] : reasonCodes.outside_source)
      if (block.reasons[t] === 0) expect(block.values[t]).toBe(source.values[row * 5 + col])
      else expect(block.values[t]).toBeNaN()
    }
    expect(source.asked).toHaveLength(1)
  })
})

describe('longitude', () => {
  const around = madeSource(grid('EPSG:4326', 0, 90, 2, 90, 180), 'continuous', (row, col) => row + 1000 * col)

  it('finds 0–360 for −180–180, cell for cell', async () => {
    const block = await resample(around, wholeGrid(grid('EPSG:4326', -180, 90, 2, 90, 180)), half)
    for (let col = 0; col < 180; col++) expect(block.values[col]).toBe(1000 * ((col + 90) % 180))
  })

  it('averages and interpolates across the seam', async () => {
    const coarse = await resample(around, wholeGrid(grid('EPSG:4326', -2, 90, 4, 1, 1)), { minValidFraction: 1 })
    expect(coarse.values[0]).toBeCloseTo((0 + 1 + 1000 * 179 * 2 + 1) / 4, 1)
    const fine = await resample(around, wholeGrid(grid('EPSG:4326', -0.5, 89.5, 1, 1, 1)), half)
    expect(fine.values[0]).toBeCloseTo((0 + 179_000) / 2, 1)
  })

  it('finds a region written beyond 180', async () => {
    const region = madeSource(grid('EPSG:4326', 190, 10, 1, 4, 4), 'continuous', (row, col) => 10 * row + col)
    const block = await resample(region, wholeGrid(grid('EPSG:4326', -170, 10, 1, 4, 4)), half)
    expect([...block.values]).toEqual([...region.values])
  })
})

describe('windows', () => {
  it.each([
    ['coarser', 'continuous', 73],
    ['finer', 'continuous', 4],
    ['coarser classes', 'categorical', 73],
  ] as const)('a cell has the same bits in every window: %s', async (_, kind, cell) => {
    const random = noise(11, 0.2)
    const source = madeSource(grid(utm, 0, 900, 10, 90, 110), kind, (r, c) => Math.floor(random(r, c) * 1e6) / 1e4)
    const target = grid(utm, -37, 911, cell, 24, 31)
    const whole = await resample(source, wholeGrid(target), half)
    for (let row = 0; row < 24; row += 7)
      for (let col = 0; col < 31; col += 5) {
        const window = { grid: target, row, col, rows: Math.min(7, 24 - row), cols: Math.min(5, 31 - col) }
        const block = await resample(source, window, half)
        for (let i = 0; i < block.values.length; i++) {
          const at = (row + Math.floor(i / window.cols)) * 31 + col + (i % window.cols)
          expect(block.values[i]).toBe(whole.values[at])
          expect(block.reasons[i]).toBe(whole.reasons[at])
        }
      }
  })

  it('asks only for what it needs, never for more than 2 million cells, and stops on request', async () => {
    const tall = grid(utm, 0, 20_000_000, 1, 20_000_000, 4000)
    const asked: number[] = []
    const stop = new AbortController()
    const source = {
      grid: tall,
      kind: 'continuous' as const,
      read: async (window: { rows: number; cols: number; row: number; col: number }): Promise<Block> => {
        asked.push(window.rows * window.cols)
        expect(window.row).toBeGreaterThanOrEqual(5000)
        expect(window.row + window.rows).toBeLessThanOrEqual(15_000)
        expect([window.col, window.cols]).toEqual([1000, 2000])
        const cells = window.rows * window.cols
        return { ...window, values: new Float32Array(cells).fill(0.25), reasons: new Uint8Array(cells) }
      },
    }
    const target = grid(utm, 0, 20_000_000, [2000, 10_000], 4, 4)
    const window = {
      grid: { ...target, transform: [1000, 2000, 0, 19_995_000, 0, -10_000] as Grid['transform'] },
      row: 0,
      col: 0,
      rows: 1,
      cols: 1,
    }
    const block = await resample(source, window, half)
    expect(block.values[0]).toBeCloseTo(0.25, 7)
    expect(Math.max(...asked)).toBeLessThanOrEqual(2_000_000)
    expect(asked.reduce((a, b) => a + b, 0)).toBe(20_000_000)
    stop.abort()
    await expect(resample(source, window, { ...half, signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('refuses a valid fraction that is none', async () => {
    const source = madeSource(grid(utm, 0, 1, 1, 1, 1), 'continuous', () => 1)
    await expect(resample(source, wholeGrid(source.grid), { minValidFraction: 1.5 })).rejects.toMatchObject({
      code: 'bad_input',
    })
  })
})
