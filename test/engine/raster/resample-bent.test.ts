import { describe, expect, it } from 'vitest'
import { reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { Grid } from '../../../main/contract/index.ts'
import { coverPolygon } from '../../../main/engine/raster/polygon-coverage.ts'
import { pixelCoordinates, toSourceCells } from '../../../main/engine/raster/pixel-coordinates.ts'
import { resample, transformPoints } from '../../../main/engine/raster/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { grid, madeSource, noise } from './made-source.ts'
import type { MadeSource } from './made-source.ts'

const half = { minValidFraction: 0.5 }

/** Mean and valid share of each target cell from `n` points spread evenly over it (a golden-ratio lattice). */
function sampledMeans(source: MadeSource, target: Grid, n: number): { mean: number; share: number }[] {
  const [tx, tw, , ty, , th] = target.transform
  const [sx, sw, , sy, , sh] = source.grid.transform
  const golden = (Math.sqrt(5) - 1) / 2
  return Array.from({ length: target.rows * target.cols }, (_, t) => {
    const x = Float64Array.from({ length: n }, (_, i) => tx + ((t % target.cols) + (i + 0.5) / n) * tw)
    const y = Float64Array.from({ length: n }, (_, i) => ty + (Math.floor(t / target.cols) + ((i * golden) % 1)) * th)
    transformPoints(target.crs, source.grid.crs, x, y)
    let [sum, valid] = [0, 0]
    for (let i = 0; i < n; i++) {
      const [col, row] = [Math.floor((x[i] - sx) / sw), Math.floor((y[i] - sy) / sh)]
      if (!(col >= 0 && row >= 0 && col < source.grid.cols && row < source.grid.rows)) continue
      if (source.reasons[row * source.grid.cols + col] !== 0) continue
      sum += source.values[row * source.grid.cols + col]
      valid++
    }
    return { mean: sum / valid, share: valid / n }
  })
}

describe('coverage of cells by a polygon', () => {
  const cover = (x: number[], y: number[], box: { row: number; col: number; rows: number; cols: number }): number[] => {
    const shares = new Float64Array(box.rows * (box.cols + 2))
    coverPolygon(x, y, { ...box, shares })
    return [...shares].filter((_, i) => i % (box.cols + 2) < box.cols)
  }

  it('is exact for a diamond and for a triangle, whichever way round', () => {
    const box = { row: 0, col: 0, rows: 2, cols: 2 }
    for (const share of cover([1, 2, 1, 0], [0, 1, 2, 1], box)) expect(share).toBeCloseTo(0.5, 12)
    for (const share of cover([0, 1, 2, 1], [1, 2, 1, 0], box)) expect(share).toBeCloseTo(0.5, 12)
    expect(cover([0, 2, 0], [0, 0, 2], box).map((share) => Math.round(share * 1e12) / 1e12)).toEqual([1, 0.5, 0.5, 0])
  })

  it('sums to the area inside the box, wherever the polygon reaches', () => {
    const random = new Random(3)
    for (let trial = 0; trial < 300; trial++) {
      const turn = random.uniform() * 7
      const [u, v] = [0.5 + random.uniform() * 9, 0.5 + random.uniform() * 9]
      const [cx, cy] = [random.uniform() * 12 - 1, random.uniform() * 12 - 1]
      const corners = [
        [-u, -v],
        [u, -v],
        [u, v],
        [-u, v],
      ].map(([a, b]) => [cx + a * Math.cos(turn) - b * Math.sin(turn), cy + a * Math.sin(turn) + b * Math.cos(turn)])
      const x = corners.map((corner) => corner[0])
      const y = corners.map((corner) => corner[1])
      const large = cover(x, y, { row: -20, col: -20, rows: 50, cols: 50 })
      expect(large.reduce((a, b) => a + b, 0)).toBeCloseTo(4 * u * v, 9)
      // A cut-out box must see the same shares as the large one.
      const small = cover(x, y, { row: 2, col: 3, rows: 5, cols: 6 })
      small.forEach((share, i) => {
        const at = (22 + Math.floor(i / 6)) * 50 + 23 + (i % 6)
        expect(share).toBeCloseTo(large[at], 9)
      })
    }
  })
})

describe('places on a source in another CRS', () => {
  const utm = grid('EPSG:32631', 400_000, 4_800_000, 100, 700, 900)
  const degrees = grid('EPSG:4326', 1, 44, 0.002, 800, 1000)

  it.each([
    ['UTM on longitude and latitude', degrees, utm],
    ['longitude and latitude on UTM', utm, degrees],
  ])('are right to 0.05 of a cell: %s', (_, source, target) => {
    const nodes = { row: 130, col: 77, rows: 300, cols: 260, shift: 0 }
    const fast = pixelCoordinates(source, target, nodes)
    const col = Float64Array.from(fast.col, (_, i) => nodes.col + (i % 260))
    const row = Float64Array.from(fast.row, (_, i) => nodes.row + Math.floor(i / 260))
    toSourceCells(source, target, col, row)
    let worst = 0
    for (let i = 0; i < col.length; i++)
      worst = Math.max(worst, Math.abs(col[i] - fast.col[i]), Math.abs(row[i] - fast.row[i]))
    expect(worst).toBeLessThan(0.05)
    expect(worst).toBeGreaterThan(0)
  })

  it('are the same bits for any window', () => {
    const all = pixelCoordinates(degrees, utm, { row: 0, col: 0, rows: 200, cols: 200, shift: 0.5 })
    const part = pixelCoordinates(degrees, utm, { row: 41, col: 103, rows: 50, cols: 60, shift: 0.5 })
    for (let i = 0; i < 3000; i++) {
      const at = (41 + Math.floor(i / 60)) * 200 + 103 + (i % 60)
      expect([part.col[i], part.row[i]]).toEqual([all.col[at], all.row[at]])
    }
  })
})

describe('to coarser cells of another CRS', () => {
  it.each([
    [
      'longitude and latitude to UTM',
      grid('EPSG:4326', 2, 43, 0.01, 60, 80),
      grid('EPSG:32631', 420_000, 4_765_000, 7000, 11, 11),
    ],
    [
      'UTM to longitude and latitude',
      grid('EPSG:32631', 400_000, 4_800_000, 1000, 90, 90),
      grid('EPSG:4326', 1.8, 43.3, 0.07, 11, 16),
    ],
    [
      'sinusoidal to UTM',
      grid('+proj=sinu +R=6371007.181 +units=m', 6_500_000, 4_200_000, 926.6, 80, 90),
      grid('EPSG:32643', 410_000, 4_190_000, 5000, 12, 14),
    ],
  ])('equals many points in each cell: %s', async (_, from, target) => {
    const source = madeSource(from, 'continuous', noise(4, 0.2))
    const block = await resample(source, wholeGrid(target), half)
    const expected = sampledMeans(source, target, 20_000)
    let compared = 0
    expected.forEach(({ mean, share }, t) => {
      if (Math.abs(share - 0.5) < 0.01) return
      if (share < 0.5) return expect(block.reasons[t], `cell ${t}, share ${share}`).not.toBe(0)
      expect(Math.abs(block.values[t] - mean), `cell ${t}, share ${share}`).toBeLessThan(0.002)
      compared++
    })
    expect(compared).toBeGreaterThan(30)
  })

  it('keeps a constant constant, for every kind', async () => {
    for (const kind of ['continuous', 'decibel', 'circular', 'categorical'] as const) {
      const source = madeSource(grid('EPSG:4326', 2, 43, 0.01, 100, 120), kind, () => 12)
      for (const cell of [300, 5000]) {
        const target = grid('EPSG:32631', 440_000, 4_745_000, cell, 12, 12)
        const block = await resample(source, wholeGrid(target), { minValidFraction: 1 })
        for (const value of block.values) expect(value).toBeCloseTo(12, 5)
      }
    }
  })

  it('interpolates along the side that is finer than the source', async () => {
    // Source cells of 0.2° × 0.005°: about 16 km × 0.55 km; target cells of 2 km.
    const source = madeSource(grid('EPSG:4326', 1, 44, [0.2, 0.005], 400, 20), 'continuous', (_, col) => col)
    const target = grid('EPSG:32631', 420_000, 4_800_000, 2000, 20, 60)
    const block = await resample(source, wholeGrid(target), half)
    const x = Float64Array.from({ length: 1200 }, (_, t) => 420_000 + ((t % 60) + 0.5) * 2000)
    const y = Float64Array.from({ length: 1200 }, (_, t) => 4_800_000 - (Math.floor(t / 60) + 0.5) * 2000)
    transformPoints('EPSG:32631', 'EPSG:4326', x, y)
    for (let t = 0; t < 1200; t++) expect(block.values[t]).toBeCloseTo((x[t] - 1) / 0.2 - 0.5, 1)
  })

  it('reads a cell of 250 million source cells in pieces', async () => {
    const from = grid('EPSG:32631', 400_000, 4_800_000, 1, 40_000, 40_000)
    const source = {
      grid: from,
      kind: 'continuous' as const,
      read: async ({ rows, cols }: { rows: number; cols: number }) => {
        expect(rows * cols).toBeLessThanOrEqual(2_000_000)
        return { rows, cols, values: new Float32Array(rows * cols).fill(3), reasons: new Uint8Array(rows * cols) }
      },
    }
    const block = await resample(source, wholeGrid(grid('EPSG:4326', 2.0, 43.25, 0.05, 1, 1)), { minValidFraction: 1 })
    expect([...block.values]).toEqual([3])
  }, 30_000)
})

describe('to finer cells of another CRS', () => {
  const source = madeSource(grid('EPSG:4326', 2, 43, 0.1, 8, 9), 'continuous', noise(8))
  const target = grid('EPSG:32631', 405_000, 4_775_000, 900, 110, 95)
  const centres = (): { x: Float64Array; y: Float64Array } => {
    const x = Float64Array.from({ length: 110 * 95 }, (_, t) => 405_000 + ((t % 95) + 0.5) * 900)
    const y = Float64Array.from({ length: 110 * 95 }, (_, t) => 4_775_000 - (Math.floor(t / 95) + 0.5) * 900)
    transformPoints('EPSG:32631', 'EPSG:4326', x, y)
    return { x, y }
  }

  it('is bilinear at the exact place of the centre', async () => {
    const block = await resample(source, wholeGrid(target), half)
    const { x, y } = centres()
    const value = (row: number, col: number): number =>
      source.values[Math.min(Math.max(row, 0), 7) * 9 + Math.min(Math.max(col, 0), 8)]
    let [inside, outside] = [0, 0]
    for (let t = 0; t < x.length; t++) {
      const [u, v] = [(x[t] - 2) / 0.1, (43 - y[t]) / 0.1]
      if (u < 0.03 || v < 0.03 || u > 8.97 || v > 7.97) {
        if (u < -0.03 || v < -0.03 || u > 9.03 || v > 8.03) {
          expect(block.reasons[t]).toBe(reasonCodes.outside_source)
          outside++
        }
        continue
      }
      const [row, col] = [Math.floor(v - 0.5), Math.floor(u - 0.5)]
      const [fv, fu] = [v - 0.5 - row, u - 0.5 - col]
      const top = (1 - fu) * value(row, col) + fu * value(row, col + 1)
      const bottom = (1 - fu) * value(row + 1, col) + fu * value(row + 1, col + 1)
      // 0.02 of a source cell, times the largest step between neighbours (1), in x and in y.
      expect(Math.abs(block.values[t] - ((1 - fv) * top + fv * bottom))).toBeLessThan(0.04)
      inside++
    }
    expect(inside).toBeGreaterThan(4000)
    expect(outside).toBeGreaterThan(1000)
  })

  it('takes the nearest class', async () => {
    const classes = madeSource(source.grid, 'categorical', (row, col) => 100 * row + col)
    const block = await resample(classes, wholeGrid(target), half)
    const { x, y } = centres()
    let compared = 0
    for (let t = 0; t < x.length; t++) {
      const [u, v] = [(x[t] - 2) / 0.1, (43 - y[t]) / 0.1]
      const [du, dv] = [Math.abs(u - Math.round(u)), Math.abs(v - Math.round(v))]
      if (du < 0.03 || dv < 0.03 || u < 0 || v < 0 || u > 9 || v > 8) continue
      expect(block.values[t]).toBe(100 * Math.floor(v) + Math.floor(u))
      compared++
    }
    expect(compared).toBeGreaterThan(4000)
  })
})

describe('longitude', () => {
  it('a global source counted from 0 covers a projected target at Greenwich and at the date line', async () => {
    const source = madeSource(grid('EPSG:4326', 0, 90, 1, 180, 360), 'continuous', (_, col) =>
      Math.cos(((col + 0.5) * Math.PI) / 180),
    )
    for (const [code, west] of [
      ['EPSG:32631', 100_000],
      ['EPSG:32630', 700_000],
      ['EPSG:32660', 500_000],
      ['EPSG:32601', 100_000],
    ] as const)
      for (const cell of [20_000, 300_000]) {
        const target = grid(code, west, 5_000_000, cell, 3, 3)
        const block = await resample(source, wholeGrid(target), { minValidFraction: 1 })
        const x = Float64Array.from({ length: 9 }, (_, t) => west + ((t % 3) + 0.5) * cell)
        const y = Float64Array.from({ length: 9 }, (_, t) => 5_000_000 - (Math.floor(t / 3) + 0.5) * cell)
        transformPoints(code, 'EPSG:4326', x, y)
        block.values.forEach((value, t) => expect(value).toBeCloseTo(Math.cos((x[t] * Math.PI) / 180), 2))
      }
  })

  it('a cell on the seam of a world projection gets no value from the other side of the world', async () => {
    const source = madeSource(
      grid('EPSG:6933', -17_367_530, 7_314_540, 100_000, 147, 348),
      'continuous',
      (_, col) => col,
    )
    const block = await resample(source, wholeGrid(grid('EPSG:4326', 175, 10, 3, 2, 4)), half)
    for (let t = 0; t < 8; t++) {
      const col = t % 4
      if (col === 1) expect(block.reasons[t]).toBe(reasonCodes.outside_source)
      else expect(Math.abs(block.values[t] - (col === 0 ? 342 : 5))).toBeLessThan(8)
    }
  })

  it('places without an image in the source are outside', async () => {
    const source = madeSource(grid('EPSG:32631', 400_000, 4_800_000, 1000, 90, 90), 'continuous', () => 1)
    const block = await resample(source, wholeGrid(grid('EPSG:4326', -180, 90, 30, 6, 12)), half)
    expect(
      block.reasons.every((reason) => reason === reasonCodes.outside_source || reason === reasonCodes.too_few_valid),
    ).toBe(true)
  })
})

describe('windows', () => {
  it.each([300, 3000])('a cell has the same bits in every window: cells of %d m', async (cell) => {
    const source = madeSource(grid('EPSG:4326', 2, 43, 0.01, 60, 70), 'continuous', noise(12, 0.3))
    const target = grid('EPSG:32631', 420_000, 4_765_000, cell, 90, 100)
    const whole = await resample(source, wholeGrid(target), half)
    for (const [row, col, rows, cols] of [
      [0, 0, 33, 47],
      [31, 20, 10, 80],
      [80, 99, 10, 1],
    ]) {
      const block = await resample(source, { grid: target, row, col, rows, cols }, half)
      for (let i = 0; i < rows * cols; i++) {
        const at = (row + Math.floor(i / cols)) * 100 + col + (i % cols)
        expect([block.values[i], block.reasons[i]]).toEqual([whole.values[at], whole.reasons[at]])
      }
    }
  })
})
