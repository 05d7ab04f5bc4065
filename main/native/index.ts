import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { areaKrigingDoors } from './area-kriging.ts'
import type { AreaKrigingBinary } from './area-kriging.ts'
import { krigingDoors } from './kriging.ts'
import type { KrigingBinary } from './kriging.ts'

export type { AreaKrigingSettings, AreaMeans, AreaTargets } from './area-kriging.ts'
export type { KrigingCells, KrigingHandle, KrigingSettings, KrigingStations, PreparedKriging } from './kriging.ts'

/** A trained forest in native memory; freed when it is collected. */
export type ForestHandle = { readonly __forest: unique symbol }

export interface RunOptions {
  /** Threads used; the result is the same for every number. */
  readonly threads: number
  readonly signal?: AbortSignal
  /** Share done, 0 to 1, at most some twenty times a second. */
  readonly onProgress?: (share: number) => void
}

export interface TrainOptions extends RunOptions {
  readonly treeCount: number
  /** Fewest distinct sample rows of a leaf. */
  readonly minLeafSize: number
  /** Predictors tried at each split; 0 means all. */
  readonly predictorsPerSplit: number
  /** Largest number of splits from root to leaf, up to 255. */
  readonly maxDepth: number
  /** Share of the rows each tree is grown from; with replacement when 1, else without. */
  readonly sampleFraction: number
  readonly seed: number
  readonly permutationImportance: boolean
  /** Training rows that each leaf keeps for quantiles and the standard deviation, up to 64; default 0: none, and no intervals. */
  readonly samplesPerLeaf?: number
}

export interface TrainResult {
  readonly forest: ForestHandle
  /** Float32Array[rows]: mean over the trees that did not see the row; NaN where every tree did. */
  readonly outOfBagPrediction: Float32Array
  readonly outOfBagRows: number
  /** In target units; NaN without out-of-bag rows. */
  readonly outOfBagRmse: number
  /** 1 − SSE/SST; NaN without out-of-bag rows or without variance. */
  readonly outOfBagR2: number
  /** Per predictor its share of the fall in variance; sums to 1 unless no tree has a split. */
  readonly impurityImportance: Float64Array
  /** Per predictor mean and standard deviation over trees of the rise in out-of-bag mean squared error (target units squared)
   *  when its values are permuted; empty unless asked for. */
  readonly permutationMean: Float64Array
  readonly permutationSd: Float64Array
}

export interface BoostOptions extends RunOptions {
  /** Trees at most. */
  readonly rounds: number
  /** Share of a leaf's mean residual that its tree adds. */
  readonly learningRate: number
  readonly maxDepth: number
  /** Fewest sampled rows of a leaf. */
  readonly minChildWeight: number
  /** L2 penalty on leaf values, in rows. */
  readonly l2: number
  /** Share of the rows each tree learns from, drawn without replacement. */
  readonly rowFraction: number
  /** Share of the predictors each tree may split on, at least one. */
  readonly columnFraction: number
  /** Ends after so many rounds without a lower error on the validation rows, keeping the trees up to the best; 0 never. */
  readonly patience: number
  readonly seed: number
}

export interface BoostResult {
  readonly forest: ForestHandle
  /** Per round grown, also those after the best one: RMSE on the validation rows; empty without such rows. */
  readonly validationRmse: Float64Array
  /** Per predictor its share of the fall in squared error; sums to 1 unless no tree has a split. */
  readonly gainImportance: Float64Array
}

export interface ForestDescription {
  readonly predictorCount: number
  readonly treeCount: number
  readonly nodeCount: number
  /** 0: the forest has no intervals. */
  readonly samplesPerLeaf: number
}

export interface PredictOptions extends RunOptions {
  /** Cells of a row when the cells are a map, row by row: neighbours are then walked together, about twice as fast. The result
   *  does not depend on it. Default 0: no map. */
  readonly rowLength?: number
}

/** How the trees' values become one: their mean, their median (of an even number the lower of the two middle ones), or a base
 *  value plus their sum, for boosted trees whose leaves hold their steps as they are to be added. */
export type Aggregate = 'mean' | 'median' | 'sum'

const aggregateCodes: Record<Aggregate, number> = { mean: 0, median: 1, sum: 2 }
const aggregateNames: Aggregate[] = ['mean', 'median', 'sum']

/** A forest as plain data; see assembleForest. */
export interface ForestParts {
  readonly cuts: Float32Array[]
  readonly treeSizes: Float64Array
  readonly nodes: Uint8Array
  readonly aggregate: Aggregate
  readonly base: number
}

/** A failure of a kernel. `code` is one of the error codes of the contract, which this room does not know. */
export class NativeError extends Error {
  override readonly name = 'NativeError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Task<T> {
  readonly promise: Promise<T>
  stop(): void
}
interface TaskOptions {
  threads: number
  onProgress?: (share: number) => void
}

/** The doors of the binary, as addon/module.cc opens them. */
interface Binary extends KrigingBinary, AreaKrigingBinary {
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
  setParentDeathSignal(): boolean
  limitDataBytes(bytes: number): boolean
  crashForTest(): void
}

let loaded: Binary | undefined

/** Kriging; see kriging.ts. */
export const { prepareKriging, krigeCells } = krigingDoors<RunOptions>(binary, run)
/** Kriging from means over areas; see area-kriging.ts. */
export const { krigeAreas } = areaKrigingDoors<RunOptions>(binary, run)

/** The binary, loaded at the first use. Found from the sources and from the bundle in `out/main/` alike.
 *  @throws NativeError internal when it is not built */
function binary(): Binary {
  if (loaded) return loaded
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!isPackageRoot(folder)) {
    const parent = dirname(folder)
    if (parent === folder)
      throw new NativeError('internal', `No folder of the package "loam" around ${fileURLToPath(import.meta.url)}.`)
    folder = parent
  }
  const path = join(folder, 'main/native/build/Release/loam.node')
  if (!existsSync(path))
    throw new NativeError(
      'internal',
      `The native part of Loam is not built: ${path} is missing. Run \`npm run setup\`.`,
    )
  loaded = createRequire(import.meta.url)(path) as Binary
  return loaded
}

function isPackageRoot(folder: string): boolean {
  const path = join(folder, 'package.json')
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'loam'
}

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
  checkCount(samplesPerLeaf, 0, 'samplesPerLeaf')
  const outOfBagPrediction = new Float32Array(target.length)
  const reply = await run(options, (taskOptions) =>
    binary().trainForest(
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
    binary().trainBoosted([...predictors], target, isValidation, { ...options, ...taskOptions }),
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
    binary().predictForest(
      forest,
      days.map((columns) => [...columns]),
      [...results],
      { ...taskOptions, rowLength },
    ),
  )
}

/** What predictIntervals fills; an array of length 0 is not wanted. */
export interface IntervalArrays {
  readonly mean: Float32Array
  /** Standard deviation of the target at the cell, not of the mean. */
  readonly sd: Float32Array
  /** One array per quantile. */
  readonly quantiles: readonly Float32Array[]
}

/** Mean, quantiles and standard deviation of the target at each cell, in one walk (quantile regression forest, Meinshausen
 *  2006; kernel/leaf-samples.hpp tells the estimator). The mean is that of predictForest.
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
    binary().predictIntervals(
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
  return binary().encodeForest(forest, new TextEncoder().encode(json))
}

/** Reads the bytes of a model file, checking all of them.
 *  @throws NativeError bad_model, newer_version */
export function decodeForest(bytes: Uint8Array): { forest: ForestHandle; json: string } {
  const { forest, json } = direct(() => binary().decodeForest(bytes))
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
    binary().assembleForest([...cuts], Float64Array.from(treeSizes), nodes, aggregateCodes[aggregate], base),
  )
}

/** What assembleForest would build the same forest from. */
export function partsOfForest(forest: ForestHandle): ForestParts {
  const parts = binary().partsOfForest(forest)
  return { ...parts, aggregate: aggregateNames[parts.aggregate] }
}

export function describeForest(forest: ForestHandle): ForestDescription {
  return binary().describeForest(forest)
}

/** Has the system kill this process when its parent dies, also during a native call. Linux only; elsewhere nothing happens.
 *  @returns whether it is set */
export function setParentDeathSignal(): boolean {
  return binary().setParentDeathSignal()
}

/** Limits heap and private memory of this process; allocations beyond fail.
 *  @returns whether it is set; false on Windows */
export function limitDataBytes(bytes: number): boolean {
  checkCount(bytes, 1, 'bytes')
  return binary().limitDataBytes(bytes)
}

/** Dies as native code dies, if the environment has LOAM_FAULT=crash; else does nothing. */
export function crashForTest(): void {
  binary().crashForTest()
}

async function run<T>(options: RunOptions, start: (options: TaskOptions) => Task<T>): Promise<T> {
  checkCount(options.threads, 1, 'threads')
  const { signal, onProgress } = options
  if (signal?.aborted) throw new NativeError('cancelled', 'Stopped on request.')
  let isRunning = true
  const task = start({
    threads: options.threads,
    onProgress: onProgress && ((share) => void (isRunning && onProgress(share))),
  })
  const stop = (): void => task.stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await task.promise
  } catch (thrown) {
    throw asNativeError(thrown)
  } finally {
    isRunning = false
    signal?.removeEventListener('abort', stop)
  }
}

function direct<T>(call: () => T): T {
  try {
    return call()
  } catch (thrown) {
    throw asNativeError(thrown)
  }
}

function asNativeError(thrown: unknown): unknown {
  const { code, message } = thrown as { code?: unknown; message?: unknown }
  return typeof code === 'string' ? new NativeError(code, String(message)) : thrown
}

function checkColumns(predictors: readonly Float32Array[], length: number): void {
  predictors.forEach((column, i) => checkArray(column, Float32Array, length, `predictor ${i + 1}`))
}

function checkArray(
  array: unknown,
  type: Float32ArrayConstructor | Float64ArrayConstructor | Uint8ArrayConstructor,
  length: number,
  name: string,
): void {
  if (!(array instanceof type) || array.length !== length)
    throw new TypeError(`${name} needs to be a ${type.name} of ${length} values`)
}

function checkCount(value: number, least: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new TypeError(`${name} needs to be a whole number >= ${least}`)
}
