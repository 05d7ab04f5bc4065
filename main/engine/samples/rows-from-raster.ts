import { dayNumber, reasonCodes, reasonNames } from '../../contract/index.ts'
import type { Day, Grid, GridWindow } from '../../contract/index.ts'
import { stackReader } from '../fields/index.ts'
import type { Field } from '../fields/index.ts'
import { cellCentres, transformPoints } from '../raster/index.ts'
import { addTo } from './join-samples.ts'
import { negativeWeight } from './rows-from-stations.ts'
import { emptyTable } from './sample-table.ts'
import type { SampleTable } from './sample-table.ts'

export interface RasterRowsOptions {
  readonly target: Field
  readonly predictors: readonly Field[]
  /** How much each row counts, brought to the coarse cells as the predictors are; null or absent: all alike. */
  readonly weight?: Field | null
  /** The coarse grid; cells are named by its rows and columns. */
  readonly grid: Grid
  /** Part of `grid` to take rows from. */
  readonly window: GridWindow
  readonly day: Day
  /** CRS of x and y in the table, the fine grid's; default the coarse grid's own. */
  readonly crs?: string
  readonly signal?: AbortSignal
}

/** One row per coarse cell in which the target and every predictor have a value on `day`, predictors brought to the
 *  coarse cells by the rule of their kind. Every other cell is counted under its first lack, target before predictors
 *  and predictors in their order, then its weight: `target:no_data`, `NDVI:masked`, `weight:negative`. Rows and excluded add up to the cells of the window.
 *  Places are named `r12c7`, row and column of the coarse grid from 0. */
export async function rowsFromRaster(options: RasterRowsOptions): Promise<SampleTable> {
  const { target, predictors, weight, grid, window, day, signal } = options
  const names = predictors.map((field) => field.name)
  const all = weight ? [...predictors, weight] : predictors
  const crs = options.crs ?? grid.crs
  const excluded: Record<string, number> = {}
  const wanted = await target.read(window, day, { signal })
  const withTarget: number[] = []
  for (let cell = 0; cell < wanted.values.length; cell++)
    if (wanted.reasons[cell] === reasonCodes.none) withTarget.push(cell)
    else addTo(excluded, `target:${reasonNames[wanted.reasons[cell]]}`, 1)
  // Days without a scene are common, and predictors are the expensive part.
  if (withTarget.length === 0) return emptyTable(names, excluded, { placeKind: 'cell', crs })

  const stack = await stackReader(all)(window, day, { signal })
  const weights = weight ? stack.columns[predictors.length] : null
  const rows = withTarget.filter((cell) => {
    const missing = stack.missingField[cell]
    if (missing >= 0) addTo(excluded, `${all[missing].name}:${reasonNames[stack.reasons[cell]]}`, 1)
    const isNegative = missing < 0 && weights !== null && weights[cell] < 0
    if (isNegative) addTo(excluded, negativeWeight, 1)
    return missing < 0 && !isNegative
  })
  const centres = cellCentres(window)
  const x = Float64Array.from(rows, (cell) => centres.x[cell])
  const y = Float64Array.from(rows, (cell) => centres.y[cell])
  transformPoints(grid.crs, crs, x, y)
  return {
    predictors: names,
    columns: predictors.map((_, j) => Float32Array.from(rows, (cell) => stack.columns[j][cell])),
    ...(weights ? { weights: Float64Array.from(rows, (cell) => weights[cell]) } : {}),
    target: Float64Array.from(rows, (cell) => wanted.values[cell]),
    place: Int32Array.from(rows.keys()),
    places: rows.map((cell) => `r${window.row + Math.floor(cell / window.cols)}c${window.col + (cell % window.cols)}`),
    day: new Int32Array(rows.length).fill(dayNumber(day)),
    x,
    y,
    excluded,
    placeKind: 'cell',
    crs,
  }
}
