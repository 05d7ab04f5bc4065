import { describe, expect, it } from 'vitest'
import {
  bestFit,
  choosePooledVariogram,
  chooseVariogram,
  describeVariogram,
  directionalVariograms,
  empiricalVariogram,
  fitAnisotropy,
  leaveOneOut,
  parseVariogram,
  planKriging,
  pooledVariogram,
  semivariance,
  variogramCloud,
} from '../../../main/engine/geostatistics/index.ts'
import type { DirectionalVariogram, PointValues } from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

function scattered(n: number, seed: number, level = 0): PointValues {
  const random = new Random(seed)
  const column = (): Float64Array => Float64Array.from({ length: n }, () => random.uniform() * 100)
  const [x, y] = [column(), column()]
  return { x, y, values: x.map((each, i) => level + Math.sin(each / 15) + Math.cos(y[i] / 20) + 0.1 * random.normal()) }
}

describe('pairs within dates', () => {
  const dates = [scattered(40, 1), scattered(30, 2, 100), scattered(1, 3)]

  it('are pooled bin by bin: the mean of the dates weighted by their pairs, whatever the level of a date', () => {
    const lags = { cutoff: 60, width: 5 }
    const pooled = pooledVariogram(dates, lags)
    const [a, b] = dates.slice(0, 2).map((points) => empiricalVariogram(points, lags))
    pooled.bins.forEach((bin, i) => {
      expect(bin.pairs).toBe(a.bins[i].pairs + b.bins[i].pairs)
      const sum = a.bins[i].pairs * a.bins[i].semivariance + b.bins[i].pairs * b.bins[i].semivariance
      expect(bin.semivariance).toBeCloseTo(sum / bin.pairs, 12)
    })
    expect(pooledVariogram([dates[0]])).toEqual(empiricalVariogram(dates[0]))
    expect(() => pooledVariogram([dates[2]])).toThrow(/No date has two points/)
  })

  it('are what stations are left out of when a model is chosen', async () => {
    const [best, ...rest] = await choosePooledVariogram(dates, { cutoff: 50 }, [{ shape: 'sph' }, { shape: 'gau' }])
    expect(rest).toHaveLength(1)
    const scores = await Promise.all(dates.slice(0, 2).map((points) => leaveOneOut(points, best.model)))
    expect(best.scores.n).toBe(70)
    const squares = scores.reduce((sum, { n, rmse }) => sum + n * rmse ** 2, 0)
    expect(best.scores.rmse).toBeCloseTo(Math.sqrt(squares / 70), 12)
    expect(best.scores.rmse).toBeLessThanOrEqual(rest[0].scores.rmse)
  })

  it('are refused where they are too many to choose from', async () => {
    const many = new Float64Array(30_001)
    await expect(chooseVariogram({ x: many, y: many, values: many })).rejects.toMatchObject({ code: 'too_large' })
    const few = scattered(50, 9)
    const [first] = await chooseVariogram(few, { cutoff: 50, neighbours: 12 }, [{ shape: 'sph' }])
    expect(first.scores.rmse).toBe((await leaveOneOut(few, first.model, { neighbours: 12 })).rmse)
  })

  it('give a best fit that needs no kriging', () => {
    const fitted = bestFit(pooledVariogram(dates, { cutoff: 50 }))
    expect(fitted.r2).toBeGreaterThan(0.8)
    const flat = { ...dates[0], values: new Float64Array(40) }
    expect(() => bestFit(empiricalVariogram(flat))).toThrow(/All values are equal/)
  })
})

describe('the cloud', () => {
  it('holds each pair once, and averages to the variogram', () => {
    const points = scattered(30, 4)
    const cloud = variogramCloud(points, { cutoff: 200 })
    expect(cloud).toHaveLength((30 * 29) / 2)
    const [bin] = empiricalVariogram(points, { cutoff: 200, width: 200 }).bins
    expect(cloud.reduce((sum, pair) => sum + pair.semivariance, 0) / cloud.length).toBeCloseTo(bin.semivariance, 12)
    const { from, to, lag } = cloud[17]
    expect(lag).toBeCloseTo(Math.hypot(points.x[from] - points.x[to], points.y[from] - points.y[to]), 12)
    expect(() => variogramCloud(points, {}, 10)).toThrow(/more than 10 pairs/)
  })
})

describe('anisotropy', () => {
  it('directions part all pairs between them', () => {
    const points = scattered(60, 5)
    const all = empiricalVariogram(points, { cutoff: 40, width: 10 })
    const sectors = directionalVariograms([points], { cutoff: 40, width: 10 })
    all.bins.forEach((bin) => {
      const own = sectors.map(({ variogram }) =>
        variogram.bins.find(({ lag }) => Math.ceil(lag / 10) === Math.ceil(bin.lag / 10)),
      )
      expect(own.reduce((sum, each) => sum + (each?.pairs ?? 0), 0)).toBe(bin.pairs)
    })
    expect(() => directionalVariograms([points], { greatCircle: true })).toThrow(/no meaning along great circles/)
  })

  it.each(['nug(0.1)+sph(0.8,60,angle=30,ratio=0.4)', 'nug(0.2)+exp(1,25,angle=120,ratio=0.6)'])(
    'finds %s again from its own semivariances',
    (text) => {
      const model = parseVariogram(text)
      const sectors: DirectionalVariogram[] = Array.from({ length: 8 }, (_, s) => {
        const turn = (22.5 * s * Math.PI) / 180
        const bins = Array.from({ length: 15 }, (_bin, i) => {
          const lag = 4 * (i + 0.5)
          return { pairs: 50, lag, semivariance: semivariance(model, lag * Math.sin(turn), lag * Math.cos(turn)) }
        })
        return { angle: 22.5 * s, variogram: { bins, cutoff: 60, width: 4, estimator: 'matheron' } }
      })
      const fitted = fitAnisotropy(sectors, { shape: model[1].shape })
      expect(fitted.r2).toBeGreaterThan(0.999999)
      expect(fitted.weightedSquares).toBeLessThan(fitted.isotropicSquares / 100)
      fitted.model.forEach((part, p) => {
        expect(part.partialSill).toBeCloseTo(model[p].partialSill, 3)
        expect(part.range / (model[p].range || 1)).toBeCloseTo(model[p].range ? 1 : 0, 3)
      })
      expect(fitted.model[1].angle).toBeCloseTo(model[1].angle, 1)
      expect(fitted.model[1].ratio).toBeCloseTo(model[1].ratio, 3)
    },
  )
})

it('a model in words names shape, sill, nugget and range', () => {
  expect(describeVariogram(parseVariogram('nug(0.05)+sph(0.59,897)'), 'm')).toBe(
    'spherical (partial sill 0.59, range 897 m), nugget 0.05, sill 0.64',
  )
  expect(describeVariogram(parseVariogram('lin(2)'), 'm')).toBe('linear (slope 2), nugget 0, no sill')
  expect(describeVariogram(parseVariogram('mat(1,5,1.5,angle=20,ratio=0.5)'), 'km')).toContain(
    'smoothness 1.5, longest towards 20°, across it 0.5 of that',
  )
})

describe('before solving', () => {
  const work = { stations: 400, cells: 1e6, variance: true, threads: 2 }

  it('few stations are all taken, with an estimate that grows with them', () => {
    const plan = planKriging(work)
    expect(plan).toMatchObject({ neighbours: undefined, note: null })
    expect(planKriging({ ...work, stations: 800 }).seconds).toBeGreaterThan(3 * plan.seconds)
    expect(planKriging({ ...work, variance: false }).seconds).toBeLessThan(plan.seconds / 4)
  })

  it('what takes too much memory or time is kriged from the nearest, and said so', () => {
    const large = planKriging({ ...work, stations: 50_000, neighbours: undefined })
    expect(large.neighbours).toBe(32)
    expect(large.note).toMatch(/All 50000 stations would take 10\.\d GB of memory, 2\.1 GB are allowed: .*32 nearest/)
    const long = planKriging({ ...work, stations: 20_000, cells: 35e6 })
    expect(long.note).toMatch(/would take about \d+ minutes/)
    expect(long.seconds).toBeLessThan(3600)
    expect(planKriging({ ...work, stations: 50_000, neighbours: 40 })).toMatchObject({ neighbours: 40, note: null })
  })

  it('is refused with the number where all stations are asked for', () => {
    expect(() => planKriging({ ...work, stations: 50_000, neighbours: 'all' })).toThrow(/takes 10\.\d GB of memory/)
    expect(planKriging({ ...work, stations: 20_000, cells: 35e6, neighbours: 'all' }).neighbours).toBeUndefined()
  })
})
