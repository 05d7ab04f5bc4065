import { binary, checkArray, checkColumns, run } from './binary.ts'
import type { RunOptions, Task, TaskOptions } from './binary.ts'

/** See kernel/train-svr.hpp. */
export interface SvrOptions {
  readonly cost: number
  readonly gamma: number
  readonly epsilon: number
}

export interface TrainedSvr {
  /** α − α* of each row, Float64Array[rows]; 0 for rows in the tube. */
  readonly coefficients: Float64Array
  readonly bias: number
  readonly steps: number
  /** What training makes least: ½ αᵀQα + pᵀα. */
  readonly objective: number
}

/** See kernel/predict-svr.hpp. */
export interface SvrNumbers {
  /** Float64Array[vectors × predictors], standardised. */
  readonly vectors: Float64Array
  readonly coefficients: Float64Array
  readonly means: Float64Array
  readonly scales: Float64Array
  readonly gamma: number
  readonly bias: number
  readonly targetMean: number
  readonly targetScale: number
}

/** What the binary offers of support vector regression. */
interface SvrBinary {
  trainSvr(columns: Float64Array[], target: Float64Array, options: TaskOptions & SvrOptions): Task<TrainedSvr>
  predictSvr(
    vectors: Float64Array,
    coefficients: Float64Array,
    means: Float64Array,
    scales: Float64Array,
    numbers: Float64Array,
    columns: Float32Array[],
    results: Float32Array,
    options: TaskOptions,
  ): Task<void>
}

const native = (): SvrBinary => binary<SvrBinary>()

/** @param columns one Float64Array[rows] per predictor, standardised, finite
 *  @throws NativeError bad_input (it does not settle), cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function trainSvr(
  columns: readonly Float64Array[],
  target: Float64Array,
  options: SvrOptions & RunOptions,
): Promise<TrainedSvr> {
  columns.forEach((column, p) => checkArray(column, Float64Array, target.length, `predictor ${p + 1}`))
  checkArray(target, Float64Array, target.length, 'target')
  const { cost, gamma, epsilon } = options
  if (!(cost > 0 && gamma > 0 && epsilon >= 0)) throw new TypeError('cost and gamma need to be > 0, epsilon >= 0')
  return run(options, (task) => native().trainSvr([...columns], target, { ...task, cost, gamma, epsilon }))
}

/** Fills `results`; NaN where a predictor is not finite. The same bytes for every number of threads.
 *  @throws NativeError cancelled, out_of_memory */
export async function predictSvr(
  model: SvrNumbers,
  columns: readonly Float32Array[],
  results: Float32Array,
  options: RunOptions,
): Promise<void> {
  checkColumns(columns, results.length)
  const { vectors, coefficients, means, scales, gamma, bias, targetMean, targetScale } = model
  checkArray(vectors, Float64Array, coefficients.length * columns.length, 'vectors')
  const numbers = Float64Array.of(gamma, bias, targetMean, targetScale)
  await run(options, (task) =>
    native().predictSvr(vectors, coefficients, means, scales, numbers, [...columns], results, task),
  )
}
