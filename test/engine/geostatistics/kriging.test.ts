import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  averageDuplicates,
  chooseVariogram,
  krige,
  leaveOneOut,
  parseVariogram,
  semivariance,
  sillOf,
  solveKriging,
} from '../../../main/engine/geostatistics/index.ts'
import type { KrigingOptions, KrigingResult, PointValues } from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

const model = parseVariogram('sph(0.6,400)+nug(0.05)')

function scattered(n: number, seed: number): PointValues {
  const random = new Random(seed)
  const column = (size: number): Float64Array => Float64Array.from({ length: n }, () => random.uniform() * size)
  return { x: column(1000), y: column(800), values: column(5) }
}

async function predicted(
  points: PointValues,
  cells: { x: Float64Array; y: Float64Array; drift?: Float64Array[] },
  options: KrigingOptions = {},
  variogram = model,
): Promise<KrigingResult> {
  return krige(await solveKriging(points, variogram, { threads: 2, ...options }), cells)
}

/** The kriging equations as a textbook writes them, solved by elimination. */
function plainKriging(
  points: PointValues,
  x: number,
  y: number,
  columns: ((i: number) => number)[],
  own: number[],
): [number, number, number[]] {
  const n = points.x.length
  const order = [...points.x.keys()].sort(
    (a, b) => Math.hypot(points.x[a] - x, points.y[a] - y) - Math.hypot(points.x[b] - x, points.y[b] - y),
  )
  const used = order.slice(0, n)
  const covariance = (dx: number, dy: number): number => sillOf(model) - semivariance(model, dx, dy)
  const size = used.length + columns.length
  const rows = Array.from({ length: size }, (_, a) =>
    Array.from({ length: size + 1 }, (_, b) => {
      const [i, j] = [used[a], used[b]]
      if (a < used.length && b < used.length) return covariance(points.x[i] - points.x[j], points.y[i] - points.y[j])
      if (b === size) return a < used.length ? covariance(points.x[i] - x, points.y[i] - y) : own[a - used.length]
      return a < used.length ? columns[b - used.length](i) : b < used.length ? columns[a - used.length](j) : 0
    }),
  )
  const right = rows.map((row) => row[size])
  for (let k = 0; k < size; k++) {
    const pivot = rows.findIndex(
      (row, r) => r >= k && Math.abs(row[k]) === Math.max(...rows.slice(k).map((each) => Math.abs(each[k]))),
    )
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    for (let r = 0; r < size; r++)
      if (r !== k) for (let c = size, f = rows[r][k] / rows[k][k]; c >= k; c--) rows[r][c] -= f * rows[k][c]
  }
  const solution = rows.map((row, r) => row[size] / row[r])
  const weights = solution.slice(0, used.length)
  const value = weights.reduce((sum, weight, k) => sum + weight * points.values[used[k]], 0)
  return [value, sillOf(model) - solution.reduce((sum, each, k) => sum + each * right[k], 0), weights]
}

describe('kriging', () => {
  it('is what the textbook equations give, ordinary and universal, also on many threads', async () => {
    const points = scattered(45, 1)
    const cells = scattered(60, 2)
    const ordinary = await predicted(points, cells)
    const universal = await predicted(points, { ...cells, drift: [cells.x, cells.y] }, { drift: [points.x, points.y] })
    for (let i = 0; i < 60; i++) {
      const [x, y] = [cells.x[i], cells.y[i]]
      const [value, variance] = plainKriging(points, x, y, [() => 1], [1])
      expect(ordinary.prediction[i]).toBeCloseTo(value, 10)
      expect(ordinary.variance![i]).toBeCloseTo(variance, 10)
      const plane = plainKriging(
        points,
        x,
        y,
        [() => 1, (k) => points.x[k] / 1000, (k) => points.y[k] / 1000],
        [1, x / 1000, y / 1000],
      )
      expect(universal.prediction[i]).toBeCloseTo(plane[0], 9)
      expect(universal.variance![i]).toBeCloseTo(plane[1], 9)
    }
    expect(await predicted(points, cells, { threads: 1 })).toEqual(ordinary)
  })

  it('gives three stations the weights that are worked out by hand', async () => {
    // Corners of an equilateral triangle seen from its middle: a third each; variance 2γ(1/√3) − (2/3)γ(1), nugget 0.
    const points = {
      x: Float64Array.of(0, 1, 0.5),
      y: Float64Array.of(0, 0, Math.sqrt(3) / 2),
      values: Float64Array.of(1, 2, 6),
    }
    const sphere = parseVariogram('sph(2,3)')
    const { prediction, variance } = await predicted(
      points,
      { x: Float64Array.of(0.5), y: Float64Array.of(Math.sqrt(3) / 6) },
      {},
      sphere,
    )
    expect(prediction[0]).toBeCloseTo(3, 12)
    expect(variance![0]).toBeCloseTo(2 * semivariance(sphere, 1 / Math.sqrt(3)) - (2 / 3) * semivariance(sphere, 1), 12)
  })

  it('returns the observations at their places, with no variance', async () => {
    const points = scattered(80, 3)
    for (const options of [{}, { neighbours: 10 }]) {
      const { prediction, variance } = await predicted(points, points, options)
      for (let i = 0; i < 80; i++) {
        expect(prediction[i]).toBeCloseTo(points.values[i], 9)
        expect(variance![i]).toBeLessThan(1e-9)
      }
    }
  })

  it('has weights that sum to one: a constant added to the values is added to the map', async () => {
    const points = scattered(50, 4)
    const cells = scattered(30, 5)
    const raised = { ...points, values: points.values.map((value) => value + 1000) }
    for (const options of [{}, { neighbours: 8 }, { block: [50, 50] as const }]) {
      const [low, high] = [await predicted(points, cells, options), await predicted(raised, cells, options)]
      low.prediction.forEach((value, i) => expect(high.prediction[i] - value).toBeCloseTo(1000, 8))
      low.variance!.forEach((value, i) => expect(high.variance![i]).toBeCloseTo(value, 12))
    }
  })

  it('with nothing but a nugget gives the mean, and the variance of a new value about it', async () => {
    const points = scattered(20, 6)
    const mean = points.values.reduce((sum, value) => sum + value, 0) / 20
    const { prediction, variance } = await predicted(
      points,
      { x: Float64Array.of(-5), y: Float64Array.of(-5) },
      {},
      parseVariogram('nug(2)'),
    )
    expect(prediction[0]).toBeCloseTo(mean, 12)
    expect(variance![0]).toBeCloseTo(2 + 2 / 20, 12)
  })

  it('falls back to the known mean far from all stations', async () => {
    const { prediction, variance } = await predicted(
      scattered(20, 7),
      { x: Float64Array.of(1e5), y: Float64Array.of(1e5) },
      { mean: 2.25 },
    )
    expect(prediction[0]).toBe(2.25)
    expect(variance![0]).toBeCloseTo(0.65, 14)
  })

  it('reproduces a plane exactly with drift in x and y', async () => {
    const points = scattered(40, 8)
    const plane = { ...points, values: points.x.map((x, i) => 3 + 0.01 * x - 0.02 * points.y[i]) }
    const cells = scattered(25, 9)
    for (const neighbours of [0, 15]) {
      const { prediction } = await predicted(
        plane,
        { ...cells, drift: [cells.x, cells.y] },
        { neighbours, drift: [plane.x, plane.y] },
      )
      prediction.forEach((value, i) => expect(value).toBeCloseTo(3 + 0.01 * cells.x[i] - 0.02 * cells.y[i], 9))
    }
  })

  it('takes the nearest stations: equal to kriging from just those', async () => {
    const points = scattered(400, 10)
    const cells = scattered(50, 11)
    const local = await predicted(points, cells, { neighbours: 9 })
    for (let i = 0; i < 50; i++) {
      const distance = (k: number): number => Math.hypot(points.x[k] - cells.x[i], points.y[k] - cells.y[i])
      const near = [...points.x.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, 9)
      const take = (column: Float64Array): Float64Array => Float64Array.from(near, (k) => column[k])
      const own = { x: take(points.x), y: take(points.y), values: take(points.values) }
      const [value, variance] = plainKriging(own, cells.x[i], cells.y[i], [() => 1], [1])
      expect(local.prediction[i]).toBeCloseTo(value, 10)
      expect(local.variance![i]).toBeCloseTo(variance, 10)
    }
  })

  it('predicts the same without variance, and no value where a place or drift is missing', async () => {
    const points = scattered(50, 12)
    const cells = scattered(30, 13)
    cells.x[4] = NaN
    const full = await predicted(points, cells)
    const quick = await predicted(points, cells, { variance: false })
    expect(quick.variance).toBeNull()
    expect(quick.prediction).toEqual(full.prediction)
    for (const { prediction, variance } of [full, await predicted(points, cells, { neighbours: 7 })]) {
      expect([...prediction.keys()].filter((i) => Number.isNaN(prediction[i]))).toEqual([4])
      expect([...variance!.keys()].filter((i) => Number.isNaN(variance![i]))).toEqual([4])
    }
  })

  it('is along great circles where asked: turned about the axis it is the same', async () => {
    const points = {
      x: Float64Array.of(179, -179, 178, -178.5),
      y: Float64Array.of(60, 61, 62, 59.5),
      values: Float64Array.of(1, 2, 3, 4),
    }
    const turned = { ...points, x: points.x.map((lon) => (lon > 0 ? lon - 180 : lon + 180)) }
    const options = { greatCircle: true }
    const variogram = parseVariogram('exp(1,200000)')
    const here = await predicted(points, { x: Float64Array.of(180), y: Float64Array.of(60.5) }, options, variogram)
    const there = await predicted(turned, { x: Float64Array.of(0), y: Float64Array.of(60.5) }, options, variogram)
    expect(there.prediction[0]).toBeCloseTo(here.prediction[0], 10)
    expect(here.prediction[0]).toBeLessThan(4)
    const local = await predicted(
      points,
      { x: Float64Array.of(180), y: Float64Array.of(60.5) },
      { ...options, neighbours: 3 },
      variogram,
    )
    expect(local.variance![0]).toBeGreaterThanOrEqual(here.variance![0])
  })
})

describe('kriging refuses', () => {
  const points = scattered(12, 14)
  it('two stations at one place, which averaging mends', async () => {
    const twice = { ...points, x: points.x.with(7, points.x[2]), y: points.y.with(7, points.y[2]) }
    await expect(solveKriging(twice, model)).rejects.toThrow(/Stations 3 and 8 share the place/)
    const { points: mended, rows } = averageDuplicates(twice)
    expect(rows).toHaveLength(11)
    expect(mended.values[2]).toBe((points.values[2] + points.values[7]) / 2)
    await solveKriging(mended, model)
  })

  it('drift that is constant or follows from another', async () => {
    const constant = new Float64Array(12).fill(3)
    await expect(solveKriging(points, model, { drift: [constant] })).rejects.toThrow(
      /column 1 is the same at all stations/,
    )
    const drift = [points.x, points.x.map((x) => 5 - 2 * x)]
    await expect(solveKriging(points, model, { drift })).rejects.toThrow(/depend on each other/)
  })

  it('a system that is singular to the last digit', async () => {
    const line = {
      x: Float64Array.from({ length: 40 }, (_, i) => i),
      y: new Float64Array(40),
      values: new Float64Array(40),
    }
    await expect(solveKriging(line, parseVariogram('gau(1,200)'))).rejects.toThrow(/Add a nugget/)
    await solveKriging(line, parseVariogram('gau(1,200)+nug(0.01)'))
  })

  it('what takes too much memory, what makes no sense together, and cells without the drift', async () => {
    await expect(solveKriging(points, model, { memoryBytes: 1000 })).rejects.toMatchObject({ code: 'too_large' })
    await expect(solveKriging(points, parseVariogram('lin(2)'), { mean: 1 })).rejects.toThrow(/without a sill/)
    await expect(solveKriging(points, model, { greatCircle: true, block: [1, 1] })).rejects.toThrow(/Project/)
    await expect(predicted(points, points, { drift: [points.x] })).rejects.toThrow(
      /0 drift columns, the stations with 1/,
    )
    await expect(solveKriging({ ...points, values: points.values.with(3, NaN) }, model)).rejects.toThrow(/Point 4/)
  })

  it('to go on after a stop', async () => {
    const stop = new AbortController()
    stop.abort()
    await expect(solveKriging(points, model, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('leaving stations out', () => {
  it('is what kriging without the station gives', async () => {
    const points = scattered(30, 15)
    const scores = await leaveOneOut(points, model, { drift: [points.y] })
    for (const i of [0, 11, 29]) {
      const others = (column: Float64Array): Float64Array => column.filter((_, k) => k !== i)
      const rest = { x: others(points.x), y: others(points.y), values: others(points.values) }
      const cell = { x: points.x.slice(i, i + 1), y: points.y.slice(i, i + 1), drift: [points.y.slice(i, i + 1)] }
      const { prediction, variance } = await predicted(rest, cell, { drift: [rest.y] })
      expect(scores.prediction[i]).toBeCloseTo(prediction[0], 9)
      expect(scores.variance[i]).toBeCloseTo(variance![0], 9)
    }
    expect(scores.n).toBe(30)
  })

  it('takes the nearest others where asked', async () => {
    const points = scattered(80, 18)
    const scores = await leaveOneOut(points, model, { neighbours: 9 })
    for (const i of [0, 33, 79]) {
      const others = (column: Float64Array): Float64Array => column.filter((_, k) => k !== i)
      const rest = { x: others(points.x), y: others(points.y), values: others(points.values) }
      const { prediction, variance } = await predicted(
        rest,
        { x: points.x.slice(i, i + 1), y: points.y.slice(i, i + 1) },
        { neighbours: 9 },
      )
      expect(scores.prediction[i]).toBeCloseTo(prediction[0], 9)
      expect(scores.variance[i]).toBeCloseTo(variance![0], 9)
    }
  })

  it('ranks fitted models, best first', async () => {
    const random = new Random(16)
    const points = scattered(120, 17)
    const smooth = {
      ...points,
      values: points.x.map((x, i) => Math.sin(x / 150) + Math.cos(points.y[i] / 120) + 0.05 * random.normal()),
    }
    const ranked = await chooseVariogram(smooth, { cutoff: 400 })
    const rmse = ranked.map(({ scores }) => scores.rmse)
    expect(rmse).toEqual([...rmse].sort((a, b) => a - b))
    expect(rmse[0]).toBeLessThan(0.15)
  })
})

describe('golden: gstat 2.1-0 on seeded points', () => {
  const folder = fileURLToPath(new URL('../../golden/kriging-gstat/', import.meta.url))
  const table = (file: string): Record<string, Float64Array> => {
    const [head, ...lines] = readFileSync(folder + file, 'utf8')
      .trim()
      .split('\n')
    return Object.fromEntries(
      head.split(',').map((name, c) => [name, Float64Array.from(lines, (line) => Number(line.split(',')[c]))]),
    )
  }
  const stations = table('stations.csv')
  const points = { x: stations.x, y: stations.y, values: stations.z }
  const cells = table('cells.csv') as { x: Float64Array; y: Float64Array; w: Float64Array }
  const expected = table('expected.csv')
  const plane = { drift: ['x', 'y'] as const }
  const cases: Record<string, { model?: string; drift?: readonly ('x' | 'y' | 'w')[]; options?: KrigingOptions }> = {
    ordinary: {},
    exponential: { model: 'exp(0.6,200)+nug(0.05)' },
    gaussian: { model: 'gau(0.6,150)+nug(0.05)' },
    matern15: { model: 'mat(0.6,80,1.5)+nug(0.05)' },
    matern09: { model: 'mat(0.6,80,0.9)+nug(0.05)' },
    linear: { model: 'lin(0.002)+nug(0.05)' },
    nested: { model: 'sph(0.3,700)+exp(0.3,60)+nug(0.05)' },
    anisotropic: { model: 'sph(0.6,500,angle=30,ratio=0.4)+nug(0.05)' },
    simple: { options: { mean: 2.5 } },
    universal: plane,
    external: { drift: ['w'] },
    block: { options: { block: [60, 30] } },
    blockUniversal: { ...plane, options: { block: [60, 60] } },
    nearest: { options: { neighbours: 12 } },
    nearestUniversal: { ...plane, options: { neighbours: 20 } },
    nearestSimple: { options: { neighbours: 12, mean: 2.5 } },
    nearestBlock: { options: { neighbours: 12, block: [60, 60] } },
    nearestAnisotropic: { model: 'sph(0.6,500,angle=30,ratio=0.4)+nug(0.05)', options: { neighbours: 15 } },
    nearestMatern: { model: 'mat(0.6,80,0.9)+nug(0.05)', drift: ['w'], options: { neighbours: 25 } },
    // One cell has no station within 180 m: NA there, and no value here.
    within: { options: { maxDistance: 180 } },
    nearestWithin: { options: { neighbours: 8, maxDistance: 180 } },
  }
  it.each(Object.keys(cases))('%s', async (name) => {
    const { model: text = 'sph(0.6,400)+nug(0.05)', drift = [], options } = cases[name]
    const { prediction, variance } = await predicted(
      points,
      { x: cells.x, y: cells.y, drift: drift.map((column) => cells[column]) },
      { ...options, drift: drift.map((column) => stations[column]) },
      parseVariogram(text),
    )
    // Both in double: what differs is the order of rounding. The first cell is a station, where variances are 0 ± rounding.
    // For blocks gstat's Gauss points have seven digits, ours fifteen.
    const tolerance = options?.block ? 1e-7 : 1e-9
    for (let i = 0; i < prediction.length; i++) {
      if (Number.isNaN(expected[`${name}.prediction`][i])) {
        expect([prediction[i], variance![i]]).toEqual([NaN, NaN])
        continue
      }
      expect(Math.abs(prediction[i] / expected[`${name}.prediction`][i] - 1)).toBeLessThan(tolerance)
      expect(Math.abs(variance![i] - expected[`${name}.variance`][i])).toBeLessThan(tolerance)
    }
  })
})
