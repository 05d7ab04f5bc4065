import { binary, checkArray, checkColumns, checkCount, direct, run } from './binary.ts'
import type { Task, TaskOptions } from './binary.ts'
import type {
  Aggregate,
  BoostOptions,
  BoostResult,
  ForestDescription,
  ForestHandle,
  ForestParts,
  IntervalArrays,
  PredictOptions,
  TrainOptions,
  TrainResult,
} from './forest-types.ts'

const aggregateCodes: Record<Aggregate, number> = { mean: 0, median: 1, sum: 2 }
const aggregateNames: Aggregate[] = ['mean', 'median', 'sum']

/** What the binary has for forests. */
interface ForestBinary {
  trainForest(
    predictors: Float32Array[],
    target: Float64Array,
    weights: Float64Array | null,
    options: Omit<TrainOptions, 'signal'>,
    outOfBag: Float32Array,
  ): Task<Omit<TrainResult, 'outOfBagPrediction'>>
  trainBoosted(
    predictors: Float32Array[],
    target: Float64Array,
    isValidation: Uint8Array | null,
    options: Omit<BoostOptions, 'signal'>,
  ): Task<BoostResult>
  predictForest(
    forest: ForestHandle,
    days: Float32Array[][],
    results: Float32Array[],
    options: TaskOptions & { rowLength: number },
  ): Task<void>
  predictIntervals(
    forest: ForestHandle,
    predictors: Float32Array[],
    quantiles: Float64Array,
    mean: Float32Array,
    sd: Float32Array,
    results: Float32Array[],
    options: TaskOptions & { rowLength: number },
  ): Task<void>
  encodeForest(forest: ForestHandle, json: Uint8Array): Uint8Array
  decodeForest(bytes: Uint8Array): { forest: ForestHandle; json: Uint8Array }
  assembleForest(
    cuts: Float32Array[],
    treeSizes: Float64Array,
    nodes: Uint8Array,
    aggregate: number,
    base: number,
  ): ForestHandle
  partsOfForest(forest: ForestHandle): Omit<ForestParts, 'aggregate'> & { aggregate: number }
  describeForest(forest: ForestHandle): ForestDescription
}

const native = (): ForestBinary => binary<ForestBinary>()

/** Trains a random forest for regression.
 *  @param predictors one Float32Array[rows] per predictor, finite
 *  @param target Float64Array[rows], finite
 *  @param weights Float64Array[rows], >= 0, or null for equal weights; they multiply a row's count in a tree's sample
 *  @throws NativeError bad_input, bad_table, too_few_rows, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function trainForest(
  predictors: readonly Float32Array[],
  target: Float64Array,
  weights: Float64Array | null,
  options: TrainOptions,
): Promise<TrainResult> {
  checkColumns(predictors, target.length)
  checkArray(target, Float64Array, target.length, 'target')
  if (weights) checkArray(weights, Float64Array, target.length, 'weights')
  for (const name of ['treeCount', 'minLeafSize', 'maxDepth'] as const) checkCount(options[name], 1, name)
  checkCount(options.predictorsPerSplit, 0, 'predictorsPerSplit')
  checkCount(options.seed, 0, 'seed')
  const { samplesPerLeaf = 0 } = options
  if (samplesPerLeaf !== Infinity) checkCount(samplesPerLeaf, 0, 'samplesPerLeaf')
  const outOfBagPrediction = new Float32Array(target.length)
  const reply = await run(options, (taskOptions) =>
    native().trainForest(
      [...predictors],
      target,
      weights,
      { ...options, samplesPerLeaf, ...taskOptions },
      outOfBagPrediction,
    ),
  )
  return { ...reply, outOfBagPrediction }
}

/** Trains boosted regression trees with squared loss. The forest's values are its base value plus the sum of its trees.
 *  @param predictors one Float32Array[rows] per predictor, finite
 *  @param target Float64Array[rows], finite
 *  @param isValidation Uint8Array[rows] with 1 for rows that are only predicted, to tell when to stop; or null
 *  @throws NativeError bad_input, bad_table, too_few_rows, too_large, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function trainBoosted(
  predictors: readonly Float32Array[],
  target: Float64Array,
  isValidation: Uint8Array | null,
  options: BoostOptions,
): Promise<BoostResult> {
  checkColumns(predictors, target.length)
  checkArray(target, Float64Array, target.length, 'target')
  if (isValidation) checkArray(isValidation, Uint8Array, target.length, 'isValidation')
  for (const name of ['rounds', 'maxDepth', 'minChildWeight'] as const) checkCount(options[name], 1, name)
  for (const name of ['patience', 'seed'] as const) checkCount(options[name], 0, name)
  return run(options, (taskOptions) =>
    native().trainBoosted([...predictors], target, isValidation, { ...options, ...taskOptions }),
  )
}

/** Predicts cells, in place, on one day or on several: the days of a place are walked together, and a predictor that is the same
 *  array on every day is coded once. A day's values do not depend on the others.
 *  @param days one Float32Array[cells] per predictor, in the forest's order, for each day
 *  @param results Float32Array[cells] to fill for each day; NaN where a predictor is NaN
 *  @throws NativeError bad_input, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function predictForest(
  forest: ForestHandle,
  days: readonly (readonly Float32Array[])[],
  results: readonly Float32Array[],
  options: PredictOptions,
): Promise<void> {
  if (days.length !== results.length)
    throw new TypeError(`${days.length} days and ${results.length} results; give one result for each day.`)
  for (const [d, result] of results.entries()) {
    checkArray(result, Float32Array, results[0].length, 'result')
    checkColumns(days[d], result.length)
  }
  const { rowLength = 0 } = options
  checkCount(rowLength, 0, 'rowLength')
  await run(options, (taskOptions) =>
    native().predictForest(
      forest,
      days.map((columns) => [...columns]),
      [...results],
      { ...taskOptions, rowLength },
    ),
  )
}

/** Mean, quantiles and standard deviation of the target at each cell, in one walk (quantile regression forest, Meinshausen
 *  2006; kernel/leaf-samples.hpp and leaf-rows.hpp tell the estimators). The mean is that of predictForest.
 *  @param quantiles each in (0, 1)
 *  @throws NativeError bad_input (among others: the forest keeps no leaf samples), cancelled, out_of_memory */
export async function predictIntervals(
  forest: ForestHandle,
  predictors: readonly Float32Array[],
  quantiles: readonly number[],
  out: IntervalArrays,
  options: PredictOptions,
): Promise<void> {
  const cells = predictors[0]?.length ?? 0
  checkColumns(predictors, cells)
  for (const array of [out.mean, out.sd, ...out.quantiles])
    checkArray(array, Float32Array, array.length && cells, 'out')
  const { rowLength = 0 } = options
  checkCount(rowLength, 0, 'rowLength')
  await run(options, (taskOptions) =>
    native().predictIntervals(
      forest,
      [...predictors],
      Float64Array.from(quantiles),
      out.mean,
      out.sd,
      [...out.quantiles],
      { ...taskOptions, rowLength },
    ),
  )
}

/** The bytes of a model file (see kernel/forest-file.hpp) with `json` as its header. */
export function encodeForest(forest: ForestHandle, json: string): Uint8Array {
  return native().encodeForest(forest, new TextEncoder().encode(json))
}

/** Reads the bytes of a model file, checking all of them.
 *  @throws NativeError bad_model, newer_version */
export function decodeForest(bytes: Uint8Array): { forest: ForestHandle; json: string } {
  const { forest, json } = direct(() => native().decodeForest(bytes))
  return { forest, json: new TextDecoder().decode(json) }
}

/** Builds a forest from its parts, checking them like those of a file.
 *  @param cuts per predictor ascending cut points; a cell goes left at cut c when its value is <= cuts[c]
 *  @param treeSizes nodes of each tree
 *  @param nodes 8 bytes per node in preorder, laid out as kernel/forest.hpp says
 *  @param base added to the sum of the trees; must be 0 unless `aggregate` is `sum`
 *  @throws NativeError bad_model */
export function assembleForest(
  cuts: readonly Float32Array[],
  treeSizes: readonly number[],
  nodes: Uint8Array,
  aggregate: Aggregate,
  base = 0,
): ForestHandle {
  return direct(() =>
    native().assembleForest([...cuts], Float64Array.from(treeSizes), nodes, aggregateCodes[aggregate], base),
  )
}

/** What assembleForest would build the same forest from. */
export function partsOfForest(forest: ForestHandle): ForestParts {
  const parts = native().partsOfForest(forest)
  return { ...parts, aggregate: aggregateNames[parts.aggregate] }
}

export function describeForest(forest: ForestHandle): ForestDescription {
  return native().describeForest(forest)
}
