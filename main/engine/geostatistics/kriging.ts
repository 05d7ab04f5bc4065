import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { krigeCells, prepareKriging } from '../../native/index.ts'
import type { KrigingCells, KrigingHandle } from '../../native/index.ts'
import { modelNumbers, withLoamErrors } from './kernel-calls.ts'
import { checkPoints } from './points.ts'
import type { PointValues } from './points.ts'
import { checkVariogram } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'

export interface KrigingOptions {
  /** Known mean of simple kriging; without it the mean is unknown (ordinary kriging, universal with drift). */
  readonly mean?: number
  /** Columns that the mean depends on linearly, Float64Array[stations] each: external drift, or x and y for a plane. */
  readonly drift?: readonly Float64Array[]
  /** Nearest stations of each cell; without it all stations for all cells. */
  readonly neighbours?: number
  /** Stations farther from a cell are not taken: CRS units, along great circles metres. A cell without any has no value. */
  readonly maxDistance?: number
  /** Sides [east–west, north–south] of the block around each cell whose mean is predicted; without it points. */
  readonly block?: readonly [number, number]
  /** x and y are degrees of longitude and latitude; distances and ranges are great-circle metres. */
  readonly greatCircle?: boolean
  /** Default true. Without it all stations cost a tenth and less per cell. */
  readonly variance?: boolean
  /** Bytes that solving for all stations may take; default 2 GiB. */
  readonly memoryBytes?: number
  readonly threads?: number
  readonly signal?: AbortSignal
}

/** Stations and variogram solved once; see krige. */
export interface KrigingSystem {
  readonly handle: KrigingHandle
  readonly hasVariance: boolean
  readonly threads: number
  /** Each station from all the others, or from its nearest, with the same variogram; null without variance. */
  readonly leaveOneOut: LeaveOneOut | null
}

/** Float64Array[stations] each; NaN where the other stations cannot tell the drift. */
export interface LeaveOneOut {
  readonly prediction: Float64Array
  readonly variance: Float64Array
}

export interface KrigingResult {
  /** Target units. Float64Array[cells]; NaN where a coordinate or drift is NaN or a neighbourhood has no solution. */
  readonly prediction: Float64Array
  /** Kriging variance, target units squared; null if not prepared. */
  readonly variance: Float64Array | null
}

/** Bytes at the peak of solving for all stations: the triangle of the covariances, which becomes its factor, and the panels on the
 *  way. */
export function krigingBytes(stations: number, threads: number): number {
  return stations * stations * 4 + stations * 8 * (152 + 96 * threads)
}

/** Solves kriging for stations and a variogram, once for any number of cells.
 *  @throws bad_input: two stations at one place, dependent drift, a system that is singular to the last digit; too_few_rows;
 *  too_large with the memory it would take; cancelled
 *  Source: Webster & Oliver (2007), ch. 8–9; leave-one-out after Dubrule (1983). */
export async function solveKriging(
  points: PointValues,
  model: VariogramModel,
  options: KrigingOptions = {},
): Promise<KrigingSystem> {
  checkPoints(points, 1)
  checkVariogram(model)
  const {
    mean = null,
    drift = [],
    neighbours = 0,
    maxDistance = 0,
    block = null,
    greatCircle = false,
    variance = true,
  } = options
  const { memoryBytes = 2 * 2 ** 30, threads = availableParallelism(), signal } = options
  const n = points.x.length
  const bytes = krigingBytes(n, threads)
  if ((neighbours === 0 || neighbours >= n) && maxDistance === 0 && bytes > memoryBytes)
    throw new LoamError(
      'too_large',
      `Kriging from all ${n} stations takes ${(bytes / 1e9).toFixed(1)} GB of memory; ${(memoryBytes / 1e9).toFixed(1)} GB are allowed. ` +
        `Krige each cell from its nearest stations, 32 for example, or from fewer stations.`,
      { stations: n, bytes, memoryBytes },
    )
  const settings = {
    mean,
    neighbours,
    maxDistance,
    block,
    isGreatCircle: greatCircle,
    hasVariance: variance,
    threads,
    signal,
  }
  const solved = await withLoamErrors(() => prepareKriging({ ...points, drift }, modelNumbers(model), settings))
  const leaveOneOut =
    solved.leftOutPrediction.length === 0
      ? null
      : { prediction: solved.leftOutPrediction, variance: solved.leftOutVariance }
  return { handle: solved.system, hasVariance: variance, threads, leaveOneOut }
}

/** Predicts cells from a solved system.
 *  @throws bad_input when the drift columns are not those of the stations; cancelled */
export async function krige(
  system: KrigingSystem,
  cells: Omit<KrigingCells, 'drift'> & Partial<Pick<KrigingCells, 'drift'>>,
  run: { readonly signal?: AbortSignal; readonly onProgress?: (share: number) => void } = {},
): Promise<KrigingResult> {
  const prediction = new Float64Array(cells.x.length)
  const variance = system.hasVariance ? new Float64Array(cells.x.length) : null
  await withLoamErrors(() =>
    krigeCells(system.handle, { drift: [], ...cells }, prediction, variance, { threads: system.threads, ...run }),
  )
  return { prediction, variance }
}
