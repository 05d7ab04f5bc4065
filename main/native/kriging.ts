import { binary, run } from './binary.ts'
import type { RunOptions, Task, TaskOptions } from './binary.ts'

/** A prepared kriging system in native memory; freed when it is collected. */
export type KrigingHandle = { readonly __kriging: unique symbol }

/** Values at stations. All arrays are Float64Array[stations]; drift columns are without the constant. */
export interface KrigingStations {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly values: Float64Array
  readonly drift: readonly Float64Array[]
}

/** Places to predict. All arrays are Float64Array[cells]; drift as at the stations. */
export interface KrigingCells {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly drift: readonly Float64Array[]
}

/** See kernel/kriging.hpp. */
export interface KrigingSettings {
  /** Mean of simple kriging; null for an unknown one. */
  readonly mean: number | null
  /** Nearest stations of each cell; 0 for all of them. */
  readonly neighbours: number
  /** Stations farther from a cell are not taken; 0 for any distance. */
  readonly maxDistance: number
  /** Sides of the block around a cell, in the unit of x and y; null predicts points. */
  readonly block: readonly [number, number] | null
  readonly isGreatCircle: boolean
  readonly hasVariance: boolean
}

export interface PreparedKriging {
  readonly system: KrigingHandle
  /** Float64Array[stations]: each station from all the others, or its nearest, and the variance of that; empty without variance. */
  readonly leftOutPrediction: Float64Array
  readonly leftOutVariance: Float64Array
}

/** Settings as the binary takes them. */
interface KrigingNumbers {
  isMeanKnown: boolean
  mean: number
  neighbours: number
  maxDistance: number
  blockWidth: number
  blockHeight: number
  isGreatCircle: boolean
  hasVariance: boolean
}

/** What the binary offers of kriging. */
interface KrigingBinary {
  prepareKriging(
    x: Float64Array,
    y: Float64Array,
    values: Float64Array,
    drift: Float64Array[],
    model: Float64Array,
    options: TaskOptions & KrigingNumbers,
  ): Task<PreparedKriging>
  krigeCells(
    system: KrigingHandle,
    x: Float64Array,
    y: Float64Array,
    drift: Float64Array[],
    prediction: Float64Array,
    variance: Float64Array,
    options: TaskOptions,
  ): Task<void>
}

const native = (): KrigingBinary => binary<KrigingBinary>()

/** Prepares kriging from stations, for any number of cells.
 *  @param model six numbers for each part of the variogram: shape code, partial sill, range, smoothness, angle, ratio
 *  @throws NativeError bad_input, too_few_rows, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function prepareKriging(
  { x, y, values, drift }: KrigingStations,
  model: Float64Array,
  settings: KrigingSettings & RunOptions,
): Promise<PreparedKriging> {
  checkColumns(values.length, [x, y, values, ...drift])
  if (!(model instanceof Float64Array) || model.length === 0 || model.length % 6 !== 0)
    throw new TypeError('model needs to be a Float64Array of six values for each part')
  const numbers = krigingNumbers(settings)
  return run(settings, (task) => native().prepareKriging(x, y, values, [...drift], model, { ...task, ...numbers }))
}

/** Predicts cells, in place.
 *  @param prediction Float64Array[cells]; NaN where a coordinate or drift is not finite or a neighbourhood has no solution
 *  @param variance Float64Array[cells], or null to save most of the work
 *  @throws NativeError bad_input, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function krigeCells(
  system: KrigingHandle,
  { x, y, drift }: KrigingCells,
  prediction: Float64Array,
  variance: Float64Array | null,
  options: RunOptions,
): Promise<void> {
  checkColumns(prediction.length, [x, y, prediction, ...drift, ...(variance ? [variance] : [])])
  const spread = variance ?? new Float64Array(0)
  await run(options, (task) => native().krigeCells(system, x, y, [...drift], prediction, spread, task))
}

function krigingNumbers({
  mean,
  neighbours,
  maxDistance,
  block,
  isGreatCircle,
  hasVariance,
}: KrigingSettings): KrigingNumbers {
  if (!Number.isSafeInteger(neighbours) || neighbours < 0)
    throw new TypeError('neighbours needs to be a whole number >= 0')
  if (!(maxDistance >= 0)) throw new TypeError('maxDistance needs to be a number >= 0')
  const [blockWidth, blockHeight] = block ?? [0, 0]
  return {
    isMeanKnown: mean !== null,
    mean: mean ?? 0,
    neighbours,
    maxDistance,
    blockWidth,
    blockHeight,
    isGreatCircle,
    hasVariance,
  }
}

function checkColumns(length: number, columns: readonly Float64Array[]): void {
  for (const column of columns)
    if (!(column instanceof Float64Array) || column.length !== length)
      throw new TypeError(`every column needs to be a Float64Array of ${length} values`)
}
