import { describe, expect, it } from 'vitest'
import type { Grid } from '../../../main/contract/index.ts'
import {
  areaMeans,
  coarseCellsOf,
  correctResidual,
  parseVariogram,
  variogramPart,
} from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { describeWithSharedData } from '../../shared-data.ts'
import { largestRelative, referenceTable } from './reference-points.ts'

function gridOf(crs: string, west: number, north: number, side: number, rows: number, cols = rows): Grid {
  return { crs, transform: [west, side, 0, north, 0, -side], rows, cols }
}

const fine = gridOf('EPSG:32633', 400_000, 5_100_000, 1000, 60, 75)
const grids: Record<string, { fine: Grid; coarse: Grid }> = {
  'cells that fit': { fine, coarse: gridOf('EPSG:32633', 400_000, 5_100_000, 15_000, 4, 5) },
  'cells that cut others and reach beyond': { fine, coarse: gridOf('EPSG:32633', 396_300, 5_104_900, 13_700, 5, 6) },
  'cells that leave a rim': { fine, coarse: gridOf('EPSG:32633', 410_000, 5_090_000, 15_000, 3, 3) },
  'another CRS': { fine, coarse: gridOf('EPSG:6933', 1_310_000, 5_330_000, 14_000, 12, 12) },
  'cut cells nearly as long': { fine, coarse: gridOf('EPSG:32633', 399_600, 5_100_400, 2500, 26, 32) },
  'few fine cells in each': { fine, coarse: gridOf('EPSG:32633', 400_000, 5_100_000, 5000, 12, 15) },
  degrees: { fine: gridOf('EPSG:4326', 9, 48, 0.005, 60, 75), coarse: gridOf('EPSG:4326', 8.99, 48.01, 0.083, 4, 5) },
}

/** A smooth trend with noise and gaps, and coarse values with one missing. */
function landscape({ fine: own, coarse }: { fine: Grid; coarse: Grid }, gaps = 0.2) {
  const random = new Random(5)
  const trend = Float32Array.from({ length: own.rows * own.cols }, (_, i) =>
    random.uniform() < gaps ? NaN : 0.25 + 0.1 * Math.sin(i / 300) + 0.05 * random.uniform(),
  )
  const values = Float32Array.from({ length: coarse.rows * coarse.cols }, () => 0.15 + 0.2 * random.uniform())
  values[3] = NaN
  return { trend, values }
}

/** Mean of the fine cells over a coarse cell by overlap, in plain lines (one CRS). */
function plainMean(own: Grid, coarse: Grid, row: number, col: number, values: ArrayLike<number>): number {
  const overlap = (a: number, b: number, c: number, d: number): number => Math.max(0, Math.min(b, d) - Math.max(a, c))
  const edges = (grid: Grid, i: number, axis: 0 | 3): [number, number] => {
    const [at, step] = [grid.transform[axis], grid.transform[axis === 0 ? 1 : 5]]
    return step > 0 ? [at + i * step, at + (i + 1) * step] : [at + (i + 1) * step, at + i * step]
  }
  let [sum, area] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue
    const share =
      overlap(...edges(own, Math.floor(i / own.cols), 3), ...edges(coarse, row, 3)) *
      overlap(...edges(own, i % own.cols, 0), ...edges(coarse, col, 0))
    sum += share * values[i]
    area += share
  }
  return area > 0 ? sum / area : NaN
}

describe('means over coarse cells', () => {
  it.each(Object.keys(grids).filter((name) => name !== 'another CRS'))('are weighed by overlap: %s', (name) => {
    const { fine: own, coarse } = grids[name]
    const { trend } = landscape(grids[name])
    const means = areaMeans(coarseCellsOf(own, coarse), trend)
    means.forEach((mean, i) => {
      const plain = plainMean(own, coarse, Math.floor(i / coarse.cols), i % coarse.cols, trend)
      expect(Number.isNaN(mean)).toBe(Number.isNaN(plain))
      if (!Number.isNaN(plain)) expect(mean).toBeCloseTo(plain, 4)
    })
    expect(means.some((mean) => mean > 0)).toBe(true)
  })

  it('refuses coarse cells that are finer, and grids that do not meet', () => {
    const { coarse } = grids['cells that fit']
    expect(() => coarseCellsOf(coarse, fine)).toThrow(/finer/)
    expect(() => coarseCellsOf(fine, gridOf('EPSG:32633', 0, 0, 15_000, 4))).toThrow(/does not reach/)
  })
})

describe('residual correction', () => {
  it.each(Object.keys(grids))('by area-to-point kriging averages to the coarse values: %s', async (name) => {
    const { trend, values } = landscape(grids[name])
    const cells = coarseCellsOf(grids[name].fine, grids[name].coarse)
    const gaps = trend.map((value) => (Number.isNaN(value) ? 1 : 0))
    const found = await correctResidual(trend, values, cells, { method: 'atp', variance: true })
    const means = areaMeans(cells, found.values)
    const compared = [...values.keys()].filter((i) => !Number.isNaN(values[i] + means[i]))
    expect(compared.length).toBeGreaterThan(6)
    expect(found.closure.cells).toBe(compared.length)
    for (const i of compared) expect(Math.abs(means[i] - values[i])).toBeLessThan(1e-6)
    expect(found.closure.largest).toBeLessThan(1e-6)
    // Gaps stay gaps, and no other cell is lost: not those of the missing coarse cell, nor those beyond the coarse grid.
    expect(found.values.map((value) => (Number.isNaN(value) ? 1 : 0))).toEqual(gaps)
    expect(found.variance!.map((value) => (Number.isNaN(value) ? 1 : 0))).toEqual(gaps)
    expect(found.uncorrected).toBe(0)
  })

  it.each(['cells that fit', 'cells that leave a rim', 'few fine cells in each'])(
    'repeats nothing on a lattice, to rounding: %s',
    async (name) => {
      const { fine: own, coarse } = grids[name]
      const cells = coarseCellsOf(own, coarse)
      const { trend, values } = landscape(grids[name], 0)
      const options = { method: 'atp', variance: true, variogram: parseVariogram('sph(0.002,40000)') } as const
      const quick = await correctResidual(trend.slice(), values, cells, options)
      // Without shares the grids are taken as of two CRS, where no cell is like another.
      const plain = await correctResidual(trend, values, { ...cells, shares: null }, options)
      for (let i = 0; i < trend.length; i++) {
        expect(Math.abs(quick.values[i] - plain.values[i])).toBeLessThan(1e-7)
        expect(Math.abs(quick.variance![i] - plain.variance![i])).toBeLessThan(1e-9)
      }
    },
  )

  it('brings a trend that lacks a constant to the truth with every method, and tells the closure of none', async () => {
    const { fine: own, coarse } = grids['cells that fit']
    const cells = coarseCellsOf(own, coarse)
    for (const method of ['atp', 'krige', 'bilinear', 'none'] as const) {
      const { trend } = landscape(grids['cells that fit'], 0)
      const truth = trend.map((value) => value + 0.03)
      const coarseTruth = Float32Array.from(areaMeans(cells, truth))
      const found = await correctResidual(trend, coarseTruth, cells, { method })
      const off = found.values.reduce((most, value, i) => Math.max(most, Math.abs(value - truth[i])), 0)
      expect(off).toBeCloseTo(method === 'none' ? 0.03 : 0, 6)
      expect(found.closure.largest).toBeCloseTo(method === 'none' ? 0.03 : 0, 6)
    }
  })

  it('says how far bilinear and point kriging are from the coarse values, and what they could not reach', async () => {
    const { fine: own, coarse } = grids['cells that leave a rim']
    const cells = coarseCellsOf(own, coarse)
    const { trend, values } = landscape(grids['cells that leave a rim'])
    const plain = trend.slice()
    const bilinear = await correctResidual(trend, values, cells, { method: 'bilinear' })
    expect(bilinear.closure.largest).toBeGreaterThan(1e-3)
    expect(bilinear.uncorrected).toBeGreaterThan(500)
    expect(bilinear.values[0]).toBe(plain[0])
    const kriged = await correctResidual(plain.slice(), values, cells, {
      method: 'krige',
      variogram: parseVariogram('sph(1,40000)'),
    })
    expect(kriged.closure.largest).toBeGreaterThan(1e-3)
    expect(kriged.uncorrected).toBe(0)
    expect(kriged.variogram!.words).toBe('given: sph(1,40000)')
  })

  it('cuts impossible values only where asked, and tells what that costs', async () => {
    const { fine: own, coarse } = grids['cells that fit']
    const cells = coarseCellsOf(own, coarse)
    const { trend, values } = landscape(grids['cells that fit'])
    values[7] = 0.01
    const found = await correctResidual(trend, values, cells, { method: 'atp', limits: [0.05, 0.6] })
    expect(found.values.every((value) => Number.isNaN(value) || value >= Math.fround(0.05))).toBe(true)
    expect(found.clamped).toBeGreaterThan(0)
    expect(found.closure.largest).toBeGreaterThan(found.closure.tolerance)
  })

  it('keeps to what float32 can hold for large values', async () => {
    const cells = coarseCellsOf(fine, grids['cells that cut others and reach beyond'].coarse)
    const { trend, values } = landscape({ fine, coarse: cells.coarse })
    const found = await correctResidual(
      trend.map((value) => value * 1000),
      values.map((value) => value * 1000),
      cells,
      { method: 'atp' },
    )
    expect(found.closure.tolerance).toBeGreaterThan(1e-6)
    expect(found.closure.largest).toBeLessThan(found.closure.tolerance)
  })

  it('refuses a coarse map without values where the trend has some', async () => {
    const cells = coarseCellsOf(fine, grids['cells that fit'].coarse)
    const { trend } = landscape(grids['cells that fit'])
    await expect(
      correctResidual(trend, new Float32Array(20).fill(NaN), cells, { method: 'atp' }),
    ).rejects.toMatchObject({
      code: 'too_few_rows',
    })
  })
})

describeWithSharedData('a raster of areas beside gstat', () => {
  it('meuse log zinc, cells of 400 m by 4 × 4 points, from all of them', async () => {
    const table = referenceTable('meuse/a2p_areas_400m.csv')
    const point = referenceTable('meuse/a2p_point_variogram.csv')
    const reference = referenceTable('meuse/a2p_gstat_reference_half.csv')
    const [west, north] = [Math.min(...table.xmin), Math.max(...table.ymax)]
    const [cols, rows] = [(Math.max(...table.xmax) - west) / 400, (north - Math.min(...table.ymin)) / 400]
    const coarse = gridOf('EPSG:28992', west, north, 400, rows, cols)
    const squares = gridOf('EPSG:28992', west - 400, north + 400, 40, (rows + 2) * 10, (cols + 2) * 10)
    const values = new Float32Array(rows * cols).fill(NaN)
    table.z.forEach((z, i) => (values[((north - table.ymax[i]) / 400) * cols + (table.xmin[i] - west) / 400] = z))
    const found = await correctResidual(
      new Float32Array(squares.rows * squares.cols),
      values,
      coarseCellsOf(squares, coarse),
      {
        method: 'atp',
        neighbours: 37,
        areaPoints: 4,
        variogram: [variogramPart({ shape: 'sph', partialSill: point.psill[0], range: point.range[0] })],
        variance: true,
      },
    )
    const at = Array.from(reference.x.keys(), (i) => {
      const [row, col] = [
        Math.floor((north + 400 - reference.y[i]) / 40),
        Math.floor((reference.x[i] - west + 400) / 40),
      ]
      return row * squares.cols + col
    })
    // Coarse values and results are float32.
    expect(
      largestRelative(
        at.map((i) => found.values[i]),
        reference.pred,
      ),
    ).toBeLessThan(1e-6)
    expect(
      largestRelative(
        at.map((i) => found.variance![i]),
        reference.var,
      ),
    ).toBeLessThan(1e-6)
    expect(found.closure.largest).toBeGreaterThan(1e-6)
  })
})
