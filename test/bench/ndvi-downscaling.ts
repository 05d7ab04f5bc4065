import type { Grid } from '../../main/contract/index.ts'
import { areaMeans, coarseCellsOf, correctResidual, residualMethods } from '../../main/engine/geostatistics/index.ts'
import type { CoarseCells, ResidualMethod } from '../../main/engine/geostatistics/index.ts'
import { writeValueFile } from '../../main/engine/raster/index.ts'
import { sharedData } from '../shared-data.ts'
import { readBands, rmse } from './read-bands.ts'
import type { BenchRow } from './row.ts'

const datesPerYear = 24
const dates = 48
/** Dates held out together: three months, so that the smoothing of the series leaks little. */
const datesPerBlock = 6
/** Weight of the penalty on slopes, in dates, for predictors of a standard deviation near one. */
const ridge = 0.1

/** NDVI at 0.5 km from 8 km over the Swabian Alb, 2012–2013. Blocks of three months are predicted by what was learned on the other
 *  dates, never on their own.
 *
 *  Trend: every fine cell on the season (one harmonic) and the regional mean of the coarse product, robustly (Tukey's bisquare), as
 *  snow at the start of 2012 and the edge of the authors' smoothing make some dates unlike all others. The two sensors differ, so the
 *  coarse product is first calibrated to the fine one, cell by cell on the training dates; the residual is that of the calibrated
 *  product. Corrected to the raw one, the map takes over its bias. */
export async function ndviRows(): Promise<BenchRow[]> {
  const fine = await readBands(sharedData('ndvi_gimms_modis_alb/modis_ndvi_fine_2012_2013.tif'))
  const coarse = await readBands(sharedData('ndvi_gimms_modis_alb/gimms_ndvi_coarse_2012_2015.tif'))
  const cells = coarseCellsOf(fine.grid, coarse.grid)
  const means = fine.bands.map((band) => Float32Array.from(areaMeans(cells, band)))
  const flat = new Float32Array(fine.bands[0].length)
  const smooth: Float32Array[] = []
  for (const band of coarse.bands.slice(0, dates))
    smooth.push((await correctResidual(flat.slice(), band, cells, { method: 'bilinear' })).values)
  const region = coarse.bands.map((band) => band.reduce((sum, value) => sum + value, 0) / band.length)
  const predictors = region.map((mean, date) => [...season(date), 6 * (mean - 0.68)])

  const errors = new Map<string, { squares: number[]; closure: number }>()
  const score = (name: string, date: number, values: ArrayLike<number>, closure = Number.NaN): void => {
    const own = errors.get(name) ?? { squares: [], closure: 0 }
    own.squares[date] = rmse(values, fine.bands[date]) ** 2
    errors.set(name, { ...own, closure: Math.max(own.closure, closure) })
  }
  for (let first = 0; first < dates; first += datesPerBlock) {
    const held = Array.from({ length: datesPerBlock }, (_, i) => first + i)
    const train = Array.from({ length: dates }, (_, date) => date).filter((date) => !held.includes(date))
    const trend = predictAll(train, held, (own) => own.map((date) => predictors[date]), fine.bands)
    const plainLine = lineByCell(train, held, smooth, fine.bands)
    const calibrated = calibrate(train, held, coarse.bands, means)
    for (const [i, date] of held.entries()) {
      score('bilinear of the coarse product', date, smooth[date])
      score('regression of each fine cell on it', date, plainLine[i])
      for (const method of Object.keys(residualMethods) as ResidualMethod[]) {
        const found = await correctResidual(trend[i].slice(), calibrated[i], cells, { method })
        score(`trend + ${method}`, date, found.values, found.closure.largest)
      }
      const raw = await correctResidual(trend[i].slice(), coarse.bands[date], cells, { method: 'atp' })
      score('trend + atp to the raw coarse product', date, raw.values, raw.closure.largest)
    }
  }
  const forecast = await forecastFile(fine, coarse.bands, predictors, means, cells)
  const meanOf = (squares: readonly number[]): string =>
    Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length).toFixed(4)
  const rows = [...errors].map(([name, { squares, closure }]) => ({
    figure: `NDVI Alb, blocks held out: ${name}`,
    loam: `RMSE ${meanOf(squares)}; without January–March 2012 ${meanOf(squares.slice(datesPerBlock))}`,
    note: closure > 0 ? `closure ${closure.toExponential(1)}` : '',
  }))
  return [...rows, forecast]
}

/** The coarse product as the fine sensor would see it: each coarse cell's mean of the fine one on season and coarse value. */
function calibrate(
  train: readonly number[],
  held: readonly number[],
  coarse: readonly Float32Array[],
  means: readonly Float32Array[],
): Float32Array[] {
  const out = held.map(() => new Float32Array(coarse[0].length))
  for (let cell = 0; cell < coarse[0].length; cell++) {
    const rowsOf = (own: readonly number[]): number[][] =>
      own.map((date) => [...season(date), 6 * (coarse[date][cell] - 0.68)])
    const column = means.map((band) => Float32Array.of(band[cell]))
    predictAll(train, held, rowsOf, column).forEach((values, i) => (out[i][cell] = values[0]))
  }
  return out
}

/** 2014–2015, learned on 2012–2013 and corrected by area-to-point kriging; the fine truth of these dates is not in the folder. */
async function forecastFile(
  fine: { readonly grid: Grid; readonly bands: readonly Float32Array[] },
  coarse: readonly Float32Array[],
  predictors: readonly number[][],
  means: readonly Float32Array[],
  cells: CoarseCells,
): Promise<BenchRow> {
  const train = Array.from({ length: dates }, (_, date) => date)
  const held = Array.from({ length: coarse.length - dates }, (_, i) => dates + i)
  const trend = predictAll(train, held, (own) => own.map((date) => predictors[date]), fine.bands)
  const calibrated = calibrate(train, held, coarse, means)
  const maps: Float32Array[] = []
  for (let i = 0; i < held.length; i++)
    maps.push((await correctResidual(trend[i], calibrated[i], cells, { method: 'atp' })).values)
  const path = 'out/ndvi-alb-2014-2015.tif'
  const { grid } = fine
  await writeValueFile(path, { grid, bands: held.map((date) => ({ name: `NDVI, band ${date + 1}` })) }, (write) =>
    write({ row: 0, col: 0, rows: grid.rows, cols: grid.cols }, maps),
  )
  return { figure: 'NDVI Alb, 2014–2015 from 2012–2013', loam: path, note: 'the fine truth of these dates is not here' }
}

function season(date: number): number[] {
  const angle = (2 * Math.PI * (date % datesPerYear)) / datesPerYear
  return [Math.cos(angle), Math.sin(angle)]
}

/** Predictions of held-out dates at every cell, each cell regressed on the rows of the training dates. */
function predictAll(
  train: readonly number[],
  held: readonly number[],
  rowsOf: (dates: readonly number[]) => number[][],
  bands: readonly Float32Array[],
): Float32Array[] {
  const rows = rowsOf(train)
  const heldRows = rowsOf(held)
  const out = held.map(() => new Float32Array(bands[0].length))
  for (let cell = 0; cell < bands[0].length; cell++) {
    const coefficients = robustRegression(
      rows,
      train.map((date) => bands[date][cell]),
    )
    heldRows.forEach((row, i) => (out[i][cell] = apply(coefficients, row)))
  }
  return out
}

/** The plain comparison: least squares of each fine cell on the smoothed coarse product there. */
function lineByCell(
  train: readonly number[],
  held: readonly number[],
  from: readonly Float32Array[],
  to: readonly Float32Array[],
): Float32Array[] {
  const out = held.map(() => new Float32Array(to[0].length))
  for (let cell = 0; cell < to[0].length; cell++) {
    const weights = train.map(() => 1)
    const rows = train.map((date) => [from[date][cell]])
    const line = weightedRegression(
      rows,
      train.map((date) => to[date][cell]),
      weights,
      0,
    )
    held.forEach((date, i) => (out[i][cell] = apply(line, [from[date][cell]])))
  }
  return out
}

function apply(coefficients: readonly number[], row: readonly number[]): number {
  return row.reduce((sum, value, p) => sum + value * coefficients[p + 1], coefficients[0])
}

/** Tukey's bisquare by iterated weights, scale by the median absolute residual. Source: Huber & Ronchetti (2009), ch. 7. */
function robustRegression(rows: readonly number[][], values: readonly number[]): number[] {
  let weights = values.map(() => 1)
  let coefficients: number[] = []
  for (let round = 0; round < 20; round++) {
    coefficients = weightedRegression(rows, values, weights, ridge)
    const residuals = values.map((value, i) => Math.abs(value - apply(coefficients, rows[i])))
    const scale = 1.4826 * [...residuals].sort((a, b) => a - b)[residuals.length >> 1] + 1e-6
    weights = residuals.map((residual) => {
      const u = residual / scale / 4.685
      return u < 1 ? (1 - u * u) ** 2 : 0
    })
  }
  return coefficients
}

/** Least squares with weights and a penalty on the slopes, by Gauss–Jordan. */
function weightedRegression(
  rows: readonly number[][],
  values: readonly number[],
  weights: readonly number[],
  penalty: number,
): number[] {
  const n = rows[0].length + 1
  const system = Array.from({ length: n }, () => new Float64Array(n + 1))
  rows.forEach((row, i) => {
    const own = [1, ...row]
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) system[a][b] += weights[i] * own[a] * own[b]
      system[a][n] += weights[i] * own[a] * values[i]
    }
  })
  for (let a = 1; a < n; a++) system[a][a] += penalty
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const factor = system[i][k] / system[k][k]
      for (let j = k; j <= n; j++) system[i][j] -= factor * system[k][j]
    }
  return system.map((row, i) => row[n] / row[i])
}
