import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FieldExpression, reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { Day, Grid } from '../../../main/contract/index.ts'
import { compileField, krigingDiagnosis } from '../../../main/engine/fields/index.ts'
import type { Field, FieldContext } from '../../../main/engine/fields/index.ts'
import {
  empiricalVariogram,
  krige,
  leaveOneOut,
  parseVariogram,
  pooledVariogram,
  solveKriging,
} from '../../../main/engine/geostatistics/index.ts'
import type { EmpiricalVariogram, PointValues } from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { cellCentres, transformPoints } from '../../../main/engine/raster/index.ts'
import { TinyProject, dailyTable, day, utmGrid } from './tiny-project.ts'

const grid = utmGrid(50, 12, 15)
const [first, second, dry] = ['2018-07-01', '2018-07-02', '2018-07-03'].map(day)
const n = 24
const random = new Random(4)
const x = Float64Array.from({ length: n }, () => 600_000 + random.uniform() * 750)
const y = Float64Array.from({ length: n }, () => 5_800_000 - random.uniform() * 600)
const surface = (shift: number): number[] =>
  Array.from(
    x,
    (each, i) => Math.sin((each - 600_000) / 200 + shift) + 0.002 * (5_800_000 - y[i]) + 0.1 * random.normal(),
  )
const values: Record<string, number[]> = {
  [first]: surface(0),
  // Two wells are silent.
  [second]: surface(1).map((value, i) => (i < 2 ? Number.NaN : value)),
  [dry]: Array.from({ length: n }, () => 0),
}
const rows = [
  { shape: 'nug', partialSill: 0.02 },
  { shape: 'sph', partialSill: 0.6, range: 400 },
] as const
const model = parseVariogram('nug(0.02)+sph(0.6,400)')

let project: TinyProject
beforeEach(() => {
  project = new TinyProject()
  const places = Array.from(x, (each, i): [string, number, number] => [`w${i}`, each, y[i]])
  project.addStations(dailyTable('wells', 'EPSG:32631', places, values, 'm'))
})
afterEach(() => project.close())

function compile(form: Record<string, unknown>, more: Partial<FieldContext> = {}): Field {
  return compileField(
    'groundwater',
    FieldExpression.parse({ kriged: 'wells', variable: 'rain', ...form }),
    project.context({}, more),
  )
}

function pointsOn(date: Day): PointValues {
  const known = [...x.keys()].filter((i) => !Number.isNaN(values[date][i]))
  const take = (column: ArrayLike<number>): Float64Array => Float64Array.from(known, (i) => column[i])
  return { x: take(x), y: take(y), values: take(values[date]) }
}

const read = async (field: Field, date = first): Promise<number[]> => [
  ...(await field.read(wholeGrid(grid), date)).values,
]
const close = (found: number[], wanted: ArrayLike<number>): void =>
  found.forEach((value, i) =>
    Number.isNaN(wanted[i]) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(wanted[i], 5),
  )

describe('kriged stations', () => {
  test('are what kriging the day gives, prediction and variance, also tile by tile', async () => {
    const field = compile({ variogram: rows })
    const { prediction, variance } = await krige(
      await solveKriging(pointsOn(second), model),
      cellCentres(wholeGrid(grid)),
    )
    close(await read(field, second), prediction)
    close(await read(compile({ variogram: rows, output: 'variance' }), second), variance!)
    const part = { grid, row: 3, col: 4, rows: 2, cols: 5 }
    const tile = await field.read(part, second)
    expect(tile.values[7]).toBe((await read(field, second))[4 * 15 + 6])
    expect(field.times).toEqual([first, second, dry])
    expect((await field.read(part, day('2019-01-01'))).reasons[0]).toBe(reasonCodes.no_observation)
  })

  test('take simple kriging, neighbourhoods and blocks', async () => {
    const cells = cellCentres(wholeGrid(grid))
    const cases = [
      { form: { mean: 1.5 }, options: { mean: 1.5 } },
      { form: { neighbours: 6 }, options: { neighbours: 6 } },
      { form: { block: 50 }, options: { block: [50, 50] as const } },
      { form: { maxDistance: 180, neighbours: 5 }, options: { maxDistance: 180, neighbours: 5 } },
    ]
    for (const { form, options } of cases)
      close(
        await read(compile({ variogram: rows, ...form })),
        (await krige(await solveKriging(pointsOn(first), model, options), cells)).prediction,
      )
  })

  test('read drift at the stations and on the cells', async () => {
    const elevation = Array.from({ length: 12 * 15 }, (_, i) => 3 * Math.floor(i / 15) + (i % 15) ** 1.5)
    await project.addRaster('dem', grid, { z: { days: { static: elevation } } })
    const field = compile(
      { variogram: rows, drift: { height: 'dem', east: { coordinate: 'x' } } },
      { crs: 'EPSG:32631' },
    )
    const points = pointsOn(first)
    const heightAt = (i: number): number =>
      elevation[Math.floor((5_800_000 - points.y[i]) / 50) * 15 + Math.floor((points.x[i] - 600_000) / 50)]
    const drift = [Float64Array.from(points.x, (_, i) => Math.fround(heightAt(i))), points.x.map(Math.fround)]
    const cells = cellCentres(wholeGrid(grid))
    const { prediction } = await krige(await solveKriging(points, model, { drift }), {
      ...cells,
      drift: [Float64Array.from(elevation, Math.fround), cells.x],
    })
    close(await read(field), prediction)
    expect(field.lineage).toContain('universal kriging with drift in height')
    const fitted = compile({ drift: { height: 'dem' } })
    expect((await read(fitted)).every(Number.isFinite)).toBe(true)
  })

  test('fit one variogram to all dates and name it; the dates of a variogram of their own need ten stations', async () => {
    const pooled = compile({})
    expect(pooled.lineage).toMatch(
      /^daily rain of 24 stations \(wells\), ordinary kriging in WGS 84 \/ UTM zone 31N; variogram .*partial sill [\d.]+, range \d+.* m.*nugget [\d.]+, sill [\d.]+ \(fitted to all dates/,
    )
    const own = compile({ variogram: 'perDay' })
    expect(await read(own)).not.toEqual(await read(pooled))
    // A day of equal values has no variogram and needs none.
    expect(new Set(await read(own, dry))).toEqual(new Set([0]))
    expect(new Set(await read(compile({ variogram: 'perDay', output: 'variance' }), dry))).toEqual(new Set([0]))
    values['2018-07-04'] = values[first].map((value, i) => (i < 9 ? value : Number.NaN))
    project.addStations(
      dailyTable(
        'few',
        'EPSG:32631',
        Array.from(x, (each, i) => [`w${i}`, each, y[i]]),
        values,
      ),
    )
    delete values['2018-07-04']
    const few = compile({ kriged: 'few', variogram: 'perDay' })
    expect((await few.read(wholeGrid(grid), day('2018-07-04'))).reasons[0]).toBe(reasonCodes.too_few_neighbours)
  })

  test('are without dates where asked: each station with the mean of its days', async () => {
    const field = compile({ static: true, variogram: rows, period: { from: first, to: second } })
    expect(field.times).toBe('static')
    const mean = Array.from(x, (_, i) => (i < 2 ? values[first][i] : (values[first][i] + values[second][i]) / 2))
    const { prediction } = await krige(
      await solveKriging({ x, y, values: Float64Array.from(mean) }, model),
      cellCentres(wholeGrid(grid)),
    )
    close(await read(field), prediction)
  })

  test('have an identity of what decides a day: its values, the variogram and what it is fitted to', () => {
    const [given, fitted] = [compile({ variogram: rows }), compile({})]
    const before = [given.idOn(first), given.idOn(second), fitted.idOn(first)]
    expect(new Set([...before, compile({ variogram: rows, output: 'variance' }).idOn(first)]).size).toBe(4)
    const changed = { ...values, [second]: values[second].map((value) => value * 2) }
    project.addStations(
      dailyTable(
        'wells',
        'EPSG:32631',
        Array.from(x, (each, i) => [`w${i}`, each, y[i]]),
        changed,
        'm',
      ),
    )
    expect(compile({ variogram: rows }).idOn(first)).toBe(before[0])
    expect(compile({ variogram: rows }).idOn(second)).not.toBe(before[1])
    expect(compile({}).idOn(first)).not.toBe(before[2])
  })

  test('tell how well each station follows from the others', async () => {
    const found = (await krigingDiagnosis(compile({ variogram: rows }), second))!
    const wanted = await leaveOneOut(pointsOn(second), model)
    expect(found.scores.rmse).toBeCloseTo(wanted.rmse, 12)
    expect(found.points.x).toHaveLength(22)
    const isSame = (a: EmpiricalVariogram, b: EmpiricalVariogram): void => {
      expect(a.bins.map(({ pairs }) => pairs)).toEqual(b.bins.map(({ pairs }) => pairs))
      a.bins.forEach(({ semivariance }, i) => expect(semivariance).toBeCloseTo(b.bins[i].semivariance, 12))
    }
    // Beside a given model stand the pairs of all dates; where each date has its own, those of the date.
    isSame(found.empirical, pooledVariogram([first, second, dry].map(pointsOn)))
    const own = (await krigingDiagnosis(compile({ variogram: 'perDay' }), second))!
    isSame(own.empirical, empiricalVariogram(pointsOn(second)))
    expect(krigingDiagnosis(compileField('one', 1, project.context()), first)).toBeNull()
  })

  test('in degrees are kriged in the CRS of the run or along great circles, else refused with the remedy', async () => {
    const [lon, lat] = [x.slice(), y.slice()]
    transformPoints('EPSG:32631', 'EPSG:4326', lon, lat)
    const places = Array.from(lon, (each, i): [string, number, number] => [`w${i}`, each, lat[i]])
    project.addStations(dailyTable('degrees', 'EPSG:4326', places, values))
    const form = { kriged: 'degrees', variogram: rows }
    expect(() => compile(form)).toThrow(/degrees.*projected `crs`.*greatCircle/)
    expect(() => compile({ ...form, crs: 'EPSG:4258' })).toThrow(/`crs` is in degrees/)
    const wanted = await read(compile({ variogram: rows }))
    close(await read(compile(form, { crs: 'EPSG:32631' })), wanted)
    close(await read(compile({ ...form, crs: 'EPSG:32631' })), wanted)
    // Over a kilometre the sphere, the ellipsoid and the scale of the projection differ by some tenths of a percent.
    const along = await read(compile({ ...form, greatCircle: true }))
    along.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(0.02))
  })

  test('refuse what makes no sense together', () => {
    expect(() => compile({ mean: 1, drift: { east: { coordinate: 'x' } } }, { crs: grid.crs })).toThrow(/known mean/)
    expect(() => compile({ variogram: [{ shape: 'sph', partialSill: 1 }] })).toThrow(/range above 0/)
    expect(() => compile({ greatCircle: true })).toThrow(/need stations in degrees/)
    project.addStations(dailyTable('farm', '', [['F', null, null]], { [first]: [1] }))
    expect(() => compile({ kriged: 'farm' })).toThrow(/no station of "farm" has a place/)
  })
})

test('a grid of another CRS is kriged at its own cell centres', async () => {
  const other: Grid = { crs: 'EPSG:3035', transform: [3_900_000, 50, 0, 3_250_000, 0, -50], rows: 2, cols: 2 }
  const project = new TinyProject()
  const places = cellCentres(wholeGrid(other))
  project.addStations(
    dailyTable(
      'wells',
      'EPSG:3035',
      [
        ['a', places.x[0], places.y[0]],
        ['b', places.x[3], places.y[3]],
      ],
      { [first]: [1, 2] },
    ),
  )
  const form = {
    kriged: 'wells',
    variable: 'rain',
    crs: 'EPSG:32631',
    variogram: [{ shape: 'sph', partialSill: 1, range: 500 }],
  }
  const { values: found } = await compileField('g', FieldExpression.parse(form), project.context()).read(
    wholeGrid(other),
    first,
  )
  expect(found[0]).toBeCloseTo(1, 4)
  expect(found[3]).toBeCloseTo(2, 4)
  project.close()
})
