import { LoamError } from '../../contract/index.ts'
import type { ForestSettings, TuningTrace } from '../../contract/index.ts'
import { canonicalJson } from '../files/index.ts'
import {
  describeForest,
  encodeForest,
  partsOfForest,
  predictForest,
  predictIntervals,
  trainForest,
} from '../../native/index.ts'
import type { ForestHandle } from '../../native/index.ts'
import { withLoamErrors } from './native-fault.ts'
import { givenColumns } from './given-columns.ts'
import type { FitOptions, Learner, Model, ModelInfo, TrainingRows } from './model.ts'
import { modelHead } from './model-head.ts'
import { searchProgress } from './tuning/search-work.ts'
import { tuneForest } from './tuning/tune-trees.ts'

/** Training rows that a leaf keeps for intervals: with 126 trees 504 per cell, so that a quantile is missed by less than 1 %. */
const usualSamples = 4

function samplesPerLeaf({ intervals, leafSamples = usualSamples }: ForestSettings): number {
  if (!intervals) return 0
  return leafSamples === 'all' ? Infinity : leafSamples
}

/** Random forest for regression (Breiman 2001), grown by main/native.
 *  `minLeafSize` counts distinct rows of a tree's sample, as scikit-learn counts them. */
export const forest: Learner<ForestSettings> = {
  async fit(
    table: TrainingRows,
    rows: Int32Array | null,
    settings: ForestSettings,
    options: FitOptions,
  ): Promise<Model> {
    if (!settings.tuning) return growForest(table, rows, settings, options)
    const progress = searchProgress(settings, rows?.length ?? table.target.length, options.onProgress)
    const { seed, threads, signal } = options
    const tuning = await tuneForest(table, rows, settings, { ...options, onProgress: progress.search }, (tried, own) =>
      growForest(table, own, tried, { seed, threads, signal }),
    )
    const chosen = { ...settings, ...tuning.chosen }
    return growForest(table, rows, chosen, { ...options, onProgress: progress.fit }, tuning)
  },
}

async function growForest(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: ForestSettings,
  options: FitOptions,
  tuning?: TuningTrace,
): Promise<Model> {
  const columns = rows ? table.columns.map((column) => Float32Array.from(rows, (row) => column[row])) : table.columns
  const target = rows ? Float64Array.from(rows, (row) => table.target[row]) : table.target
  const { weights = null } = table
  const ownWeights = rows && weights ? Float64Array.from(rows, (row) => weights[row]) : weights
  const ranges = columns.map((column, p) => finiteRange(column, table.predictors[p]))
  const predictorsPerSplit = settings.predictorsPerSplit ?? Math.ceil(table.predictors.length / 3)
  if (predictorsPerSplit > table.predictors.length)
    throw new LoamError(
      'bad_input',
      `predictorsPerSplit is ${predictorsPerSplit}, but there are only ${table.predictors.length} predictors. Give at most that many.`,
    )
  const trained = await withLoamErrors(() =>
    trainForest(columns, target, ownWeights, {
      treeCount: settings.treeCount,
      minLeafSize: settings.minLeafSize,
      predictorsPerSplit,
      maxDepth: settings.maxDepth,
      sampleFraction: settings.sampleFraction,
      seed: options.seed,
      samplesPerLeaf: samplesPerLeaf(settings),
      permutationImportance: options.permutationImportance ?? false,
      threads: options.threads,
      signal: options.signal,
      onProgress: options.onProgress,
    }),
  )
  return forestModel(trained.forest, {
    ...modelHead(table, { ...settings, predictorsPerSplit }, options),
    rows: target.length,
    ...sizeOf(trained.forest),
    ranges,
    outOfBag: { n: trained.outOfBagRows, rmse: trained.outOfBagRmse, rSquared: trained.outOfBagR2 },
    importance: {
      impurity: [...trained.impurityImportance],
      permutation: [...trained.permutationMean],
      permutationSd: [...trained.permutationSd],
    },
    ...(tuning ? { tuning } : {}),
  })
}

export function forestModel(handle: ForestHandle, info: ModelInfo): Model {
  const predictDays: Model['predictDays'] = async (days, n, threads, options = {}) => {
    const given = days.map((columns) => givenColumns(info, columns, n))
    const results = days.map(() => new Float32Array(n))
    await withLoamErrors(() => predictForest(handle, given, results, { threads, ...options }))
    return results
  }
  return {
    type: info.type,
    predictors: info.predictors,
    info,
    predict: async (columns, n, threads, options) => (await predictDays([columns], n, threads, options))[0],
    predictDays,
    predictIntervals:
      describeForest(handle).samplesPerLeaf === 0
        ? null
        : async (columns, n, threads, quantiles, options = {}) => {
            const given = givenColumns(info, columns, n)
            const array = (): Float32Array => new Float32Array(n)
            const out = { mean: array(), sd: array(), quantiles: quantiles.map(array) }
            await withLoamErrors(() => predictIntervals(handle, given, quantiles, out, { threads, ...options }))
            return out
          },
    parts: () => partsOfForest(handle),
    encode: () => encodeForest(handle, canonicalJson(withNulls(info))),
  }
}

export function sizeOf(handle: ForestHandle): { treeCount: number; nodeCount: number } {
  const { treeCount, nodeCount } = describeForest(handle)
  return { treeCount, nodeCount }
}

/** NaN as null, which JSON.stringify would write too, but canonical JSON refuses or may refuse. */
function withNulls(info: ModelInfo): unknown {
  return JSON.parse(JSON.stringify(info))
}

/** Lowest and highest value of a predictor.
 *  @throws bad_table for a missing value */
export function finiteRange(column: Float32Array, name: string): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < column.length; i++) {
    const value = column[i]
    // False for NaN as well as for infinities.
    if (!(Math.abs(value) <= 3.5e38))
      throw new LoamError(
        'bad_table',
        `Predictor "${name}" has no finite value in training row ${i + 1}; every row needs all predictors. Leave out such rows.`,
        { predictor: name, row: i + 1 },
      )
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}
