import { describe, expect, it } from 'vitest'
import {
  deconvolveVariogram,
  latticeVariogram,
  parseVariogram,
  regularisedSemivariance,
  residualVariogram,
  semivariance,
} from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

const area = { width: 25, height: 20 }

describe('regularised semivariance', () => {
  it('is that of plain lines: between the points of two areas, less within one, over four directions', () => {
    const model = parseVariogram('sph(2,60)+exp(1,30)')
    const points = Array.from({ length: 36 }, (_, i) => [
      ((i % 6) + 0.5) * (25 / 6),
      (Math.floor(i / 6) + 0.5) * (20 / 6),
    ])
    const between = (dx: number, dy: number): number => {
      let sum = 0
      for (const [ax, ay] of points)
        for (const [bx, by] of points) sum += semivariance(model, bx + dx - ax, by + dy - ay)
      return sum / 36 ** 2
    }
    const lag = 50
    const slant = lag / Math.SQRT2
    const mean = (between(0, lag) + between(slant, slant) + between(lag, 0) + between(slant, -slant)) / 4
    expect(regularisedSemivariance(model, area, lag)).toBeCloseTo(mean - between(0, 0), 12)
  })
})

describe('deconvolution', () => {
  it.each(['sph(1,60)', 'exp(2,40)', 'sph(0.001,35)'])('brings %s back from its means over areas', (text) => {
    const truth = parseVariogram(text)
    const bins = Array.from({ length: 9 }, (_, i) => {
      const lag = 22 * (i + 1)
      return { pairs: 100, lag, semivariance: regularisedSemivariance(truth, area, lag) }
    })
    const found = deconvolveVariogram({ bins, cutoff: 200, width: 22, estimator: 'matheron' }, area)
    expect(found.model[0].shape).toBe(truth[0].shape)
    // The areal form is not itself spherical or exponential, so the model comes back to some percent.
    expect(found.model[0].range / truth[0].range).toBeCloseTo(1, 1)
    expect(found.model[0].partialSill / truth[0].partialSill).toBeCloseTo(1, 1)
    expect(found.deviation).toBeLessThan(0.25 * found.deviationAtStart)
    expect(found.model[0].partialSill).toBeGreaterThan(found.areal.model[0].partialSill)
  })

  it('keeps the range at half a side where areas next to each other are unlike', () => {
    const bins = Array.from({ length: 6 }, (_, i) => ({ pairs: 100, lag: 22 * (i + 1), semivariance: 1 }))
    const { model } = deconvolveVariogram({ bins, cutoff: 132, width: 22, estimator: 'matheron' }, area)
    expect(model[0].range).toBeGreaterThanOrEqual(10)
  })

  it('refuses equal values and areas without extent', () => {
    const bins = Array.from({ length: 6 }, (_, i) => ({ pairs: 9, lag: i + 1, semivariance: 0 }))
    const empirical = { bins, cutoff: 6, width: 1, estimator: 'matheron' } as const
    expect(() => deconvolveVariogram(empirical, area)).toThrow(/all areas are equal/)
    expect(() => deconvolveVariogram(empirical, { width: 0, height: 1 })).toThrow(/no extent/)
  })
})

describe('variogram on a lattice', () => {
  it('is that of all pairs of cells, layer by layer', () => {
    const random = new Random(3)
    const [rows, cols] = [7, 9]
    const layers = [0, 1].map(() =>
      Float64Array.from({ length: rows * cols }, () => (random.uniform() < 0.2 ? NaN : random.uniform())),
    )
    const cell = { width: 3, height: 2 }
    const side = Math.sqrt(6)
    const { bins } = latticeVariogram(layers, rows, cols, cell, 4)
    const plain = new Map<number, { n: number; lag: number; sum: number }>()
    for (const values of layers)
      for (let i = 0; i < values.length; i++)
        for (let j = 0; j < i; j++) {
          const lag = Math.hypot(((i % cols) - (j % cols)) * 3, (Math.floor(i / cols) - Math.floor(j / cols)) * 2)
          const bin = Math.max(1, Math.round(lag / side))
          if (Number.isNaN(values[i] - values[j]) || bin > 4) continue
          const own = plain.get(bin) ?? { n: 0, lag: 0, sum: 0 }
          plain.set(bin, { n: own.n + 1, lag: own.lag + lag, sum: own.sum + (values[i] - values[j]) ** 2 / 2 })
        }
    expect(bins.length).toBe(4)
    bins.forEach((bin, b) => {
      const { n, lag, sum } = plain.get(b + 1)!
      expect(bin.pairs).toBe(n)
      expect(bin.lag).toBeCloseTo(lag / n, 10)
      expect(bin.semivariance).toBeCloseTo(sum / n, 10)
    })
  })

  it('falls back to three coarse cells where there are too few residuals', () => {
    const coarse = {
      crs: 'EPSG:32633',
      transform: [0, 10, 0, 30, 0, -10] as [number, number, number, number, number, number],
      rows: 3,
      cols: 3,
    }
    const cells = { coarse, cellSize: { width: 10, height: 10 } }
    const { model, words } = residualVariogram([Float64Array.of(1, 2, 3, 1, 2, NaN, 4, 2, 1)], cells, 'points')
    expect(model).toMatchObject([{ shape: 'sph', range: 30 }])
    expect(words).toMatch(/8 residuals tell no variogram/)
  })
})
