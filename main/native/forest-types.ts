import type { RunOptions } from './binary.ts'

/** A trained forest in native memory; freed when it is collected. */
export type ForestHandle = { readonly __forest: unique symbol }

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
  /** Training rows that each leaf keeps for quantiles and the standard deviation, up to 64; Infinity: all, for quantiles without
   *  sampling; default 0: none, and no intervals. */
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
  /** 0: the forest has no intervals; Infinity: its leaves have all their rows. */
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

/** A forest as plain data; see assembleForest. */
export interface ForestParts {
  readonly cuts: Float32Array[]
  readonly treeSizes: Float64Array
  readonly nodes: Uint8Array
  readonly aggregate: Aggregate
  readonly base: number
}

/** What predictIntervals fills; an array of length 0 is not wanted. */
export interface IntervalArrays {
  readonly mean: Float32Array
  /** Standard deviation of the target at the cell, not of the mean. */
  readonly sd: Float32Array
  /** One array per quantile. */
  readonly quantiles: readonly Float32Array[]
}
