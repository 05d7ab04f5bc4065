import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FieldExpression, reasonCodes, renameInExpression, wholeGrid } from '../../../main/contract/index.ts'
import { compileField, krigingDiagnosis } from '../../../main/engine/fields/index.ts'
import type { Field } from '../../../main/engine/fields/index.ts'
import {
  bestFit,
  krige,
  krigeToFile,
  parseVariogram,
  pooledVariogram,
  solveKriging,
} from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { RasterReader, cellCentres, writeGeoTiff } from '../../../main/engine/raster/index.ts'
import { TinyProject, dailyTable, day, utmGrid } from './tiny-project.ts'

const grid = utmGrid(50, 6, 8)
const [first, second, cloudy] = ['2018-07-01', '2018-07-02', '2018-07-03'].map(day)
/** Centres of cells, so that a station's cell of the map is plain. */
const cellsOfStations = [2, 13, 20, 31, 36, 47]
const places = cellsOfStations.map((cell, i): [string, number, number] => [
  `s${i}`,
  600_025 + 50 * (cell % 8),
  5_799_975 - 50 * Math.floor(cell / 8),
])
const observed = { [first]: [0.2, 0.31, 0.25, 0.18, 0.22, 0.4], [second]: [0.21, 0.3, 0.2, 0.3, 0.24, 0.35] }
const mapOn = (shift: number): number[] => Array.from({ length: 48 }, (_, i) => 0.2 + shift + 0.003 * i)
const variogram = [
  { shape: 'nug', partialSill: 0.001 },
  { shape: 'exp', partialSill: 0.004, range: 120 },
] as const

const asStored = { grid, scale: 1, offset: 0, nodata: [], validRange: null }

let project: TinyProject
beforeEach(async () => {
  project = new TinyProject()
  project.addStations(dailyTable('probes', 'EPSG:32631', places, { ...observed, [cloudy]: observed[first] }, 'm3 m-3'))
  const holed = mapOn(0)
  holed[5] = -9999
  await project.addRaster('model', grid, {
    sm: { unit: 'm3 m-3', days: { [first]: holed, [second]: mapOn(0.05) } },
  })
})
afterEach(() => project.close())

function compile(more: Record<string, unknown> = {}): Field {
  const form = { kriged: 'probes', variable: 'rain', residualsOf: 'model', variogram, ...more }
  return compileField('moisture', FieldExpression.parse(form), project.context())
}

/** Ordinary kriging in ten plain lines: covariances 0.005 − γ, the weights from the system bordered by ones. */
function krigedByHand(values: readonly number[], x0: number, y0: number): { value: number; variance: number } {
  const n = values.length
  const covariance = (h: number): number => (h === 0 ? 0.005 : 0.004 * Math.exp(-h / 120))
  const apart = (i: number, x: number, y: number): number => Math.hypot(places[i][1] - x, places[i][2] - y)
  const rows = places.map((_, i) => [
    ...places.map((other) => covariance(apart(i, other[1], other[2]))),
    1,
    covariance(apart(i, x0, y0)),
  ])
  rows.push([...Array.from({ length: n }, () => 1), 0, 1])
  const weights = solve(rows)
  const value = values.reduce((sum, each, i) => sum + weights[i] * each, 0)
  const explained = rowsOf(n).reduce((sum, i) => sum + weights[i] * covariance(apart(i, x0, y0)), 0)
  return { value, variance: 0.005 - explained - weights[n] }
}

const rowsOf = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** Gauss–Jordan with pivots. */
function solve(given: readonly (readonly number[])[]): number[] {
  const rows = given.map((row) => [...row])
  const n = rows.length
  for (let k = 0; k < n; k++) {
    const pivot = rowsOf(n)
      .slice(k)
      .reduce((best, i) => (Math.abs(rows[i][k]) > Math.abs(rows[best][k]) ? i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    rows[k] = rows[k].map((each) => each / rows[k][k])
    for (let i = 0; i < n; i++)
      if (i !== k) {
        const share = rows[i][k]
        rows[i] = rows[i].map((each, j) => each - share * rows[k][j])
      }
  }
  return rows.map((row) => row[n])
}

test('what the stations differ from the field is kriged and added to it, day by day, with the variance beside it', async () => {
  const [field, spread] = [compile(), compile({ output: 'variance' })]
  expect(field.times).toEqual([first, second])
  const centres = cellCentres(wholeGrid(grid))
  for (const [date, shift] of [
    [first, 0],
    [second, 0.05],
  ] as const) {
    const under = mapOn(shift)
    const residuals = observed[date].map((value, i) => value - under[cellsOfStations[i]])
    const [prediction, variance] = [await field.read(wholeGrid(grid), date), await spread.read(wholeGrid(grid), date)]
    for (let cell = 0; cell < 48; cell++) {
      if (date === first && cell === 5) {
        // Where the field has no value there is neither.
        expect([prediction.reasons[cell], variance.reasons[cell]]).toEqual([reasonCodes.no_data, reasonCodes.no_data])
        expect([prediction.values[cell], variance.values[cell]]).toEqual([Number.NaN, Number.NaN])
        continue
      }
      const byHand = krigedByHand(residuals, centres.x[cell], centres.y[cell])
      expect(prediction.values[cell]).toBeCloseTo(under[cell] + byHand.value, 6)
      expect(variance.values[cell]).toBeCloseTo(byHand.variance, 7)
    }
  }
  expect(field.unit).toBe('m3 m-3')
  expect((await field.read(wholeGrid(grid), cloudy)).reasons[0]).toBe(reasonCodes.no_scene)
})

test('the command line gives the same map from the same residuals', async () => {
  const table = join(project.folder, 'points.csv')
  const lines = places.map(([, x, y], i) => [x, y, observed[second][i]].join(','))
  writeFileSync(table, ['x,y,v', ...lines].join('\n'))
  const trend = join(project.folder, 'trend.tif')
  await writeGeoTiff(trend, { grid, bands: [{ name: 'sm', values: Float32Array.from(mapOn(0.05)) }] })
  const out = join(project.folder, 'kriged.tif')
  await krigeToFile({
    points: { path: table, x: 'x', y: 'y', value: 'v', crs: 'EPSG:32631' },
    grid,
    model: parseVariogram('nug(0.001)+exp(0.004,120)'),
    trend,
    out,
  })
  const reader = new RasterReader({ cacheBytes: 1e6 })
  const bands = await Promise.all(
    [1, 2].map((band) => reader.read({ path: out, subdataset: '', band, ...asStored }, wholeGrid(grid))),
  )
  reader.close()
  const found = await Promise.all(
    [compile(), compile({ output: 'variance' })].map((field) => field.read(wholeGrid(grid), second)),
  )
  found.forEach(({ values }, b) => values.forEach((value, i) => expect(value).toBeCloseTo(bands[b].values[i], 6)))
})

test('its lineage says what was done and what to beware of', async () => {
  expect(compile().lineage).toMatch(
    /^regression kriging: .*sm of dataset model.*, plus what daily rain of 6 stations \(probes\) differ from it, ordinary kriging of the residuals in .*; variogram .* \(given\); if that field was learned from these stations, their residuals and the variance are too small$/,
  )
  expect(compile({ output: 'variance' }).lineage).toContain('variance of ordinary kriging of the residuals alone')
  const diagnosis = (await krigingDiagnosis(compile(), first))!
  diagnosis.points.values.forEach((value, i) =>
    expect(value).toBeCloseTo(observed[first][i] - mapOn(0)[cellsOfStations[i]], 6),
  )
})

test('one variogram for all dates is fitted to the residuals, not to the values', async () => {
  const random = new Random(8)
  const x = Float64Array.from({ length: 30 }, () => 600_000 + 400 * random.uniform())
  const y = Float64Array.from({ length: 30 }, () => 5_800_000 - 300 * random.uniform())
  const under = (shift: number): Float64Array =>
    Float64Array.from(x, (each, i) =>
      Math.fround(mapOn(shift)[Math.floor((5_800_000 - y[i]) / 50) * 8 + Math.floor((each - 600_000) / 50)]),
    )
  const residuals = [first, second].map((_, d) => ({
    x,
    y,
    values: Float64Array.from(x, (each) => 0.05 * Math.sin((each - 600_000) / 90 + d) + 0.01 * random.normal()),
  }))
  const wet = (d: number, shift: number): number[] =>
    Array.from(under(shift), (each, i) => each + residuals[d].values[i])
  const stations = Array.from(x, (each, i): [string, number, number] => [`m${i}`, each, y[i]])
  project.addStations(
    dailyTable('many', 'EPSG:32631', stations, { [first]: wet(0, 0), [second]: wet(1, 0.05) }, 'm3 m-3'),
  )
  await project.addRaster('model', grid, {
    sm: { unit: 'm3 m-3', days: { [first]: mapOn(0), [second]: mapOn(0.05) } },
  })
  const field = compile({ kriged: 'many', variogram: 'pooled' })
  expect(field.lineage).toContain('fitted to all dates to the residuals')
  const { model } = bestFit(pooledVariogram(residuals))
  const { prediction } = await krige(await solveKriging(residuals[1], model), cellCentres(wholeGrid(grid)))
  const { values } = await field.read(wholeGrid(grid), second)
  values.forEach((value, i) => expect(value).toBeCloseTo(mapOn(0.05)[i] + prediction[i], 5))
})

test('a day depends on the field of that day; what cannot be subtracted is refused; a renamed dataset is followed', async () => {
  const [before, other] = [compile().idOn(first), compile().idOn(second)]
  await project.addRaster('model', grid, {
    sm: { unit: 'm3 m-3', days: { [first]: mapOn(0.1), [second]: mapOn(0.05) } },
  })
  expect(compile().idOn(first)).not.toBe(before)
  expect(compile().idOn(second)).toBe(other)
  const plain = { kriged: 'probes', variable: 'rain', variogram }
  const values = compileField('f', FieldExpression.parse(plain), project.context())
  expect(values.idOn(first)).not.toBe(compile().idOn(first))
  expect(() => compile({ residualsOf: { constant: 3, unit: 'mm' } })).toThrow(/"m3 m-3".*"mm".*formula/)
  expect(() => compile({ static: true })).toThrow(/changes in time/)
  const renamed = renameInExpression(
    { ...plain, residualsOf: { fillInTime: 'model', maxAgeDays: 3 } },
    {
      of: 'dataset',
      from: 'model',
      to: 'forest',
    },
  )
  expect(renamed.residualsOf).toEqual({ fillInTime: 'forest', maxAgeDays: 3 })
})
