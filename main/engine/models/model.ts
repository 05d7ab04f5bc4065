import { z } from 'zod'
import { LearnerSettings } from '../../contract/index.ts'
import type { ForestParts } from '../../native/index.ts'
import type { SampleTable } from '../samples/index.ts'

/** JSON has no NaN: what could not be computed is null there. */
const numberOrNaN = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)

/** What is known of a trained model besides its numbers; the JSON header of a model file. */
export const ModelInfo = z.strictObject({
  /** A boosting is a forest whose trees are summed. */
  type: z.enum(['forest', 'boosting', 'linear', 'svr', 'mlp']),
  /** Who trained it. */
  trainedBy: z.enum(['loam', 'ml-random-forest', 'onnx', 'xgboost', 'lightgbm']),
  loamVersion: z.string(),
  /** Names in the order the model takes its columns. */
  predictors: z.array(z.string().min(1)).min(1),
  /** Predictor (from 0) that each column of the native forest gets; default one each, in order. An imported predictor with more
   *  than 65 535 thresholds goes in several times, each column with a range of the thresholds. */
  columns: z.array(z.int().min(0)).max(255).optional(),
  target: z.string(),
  targetUnit: z.string(),
  /** Null for an imported model, whose settings mean other things. */
  settings: LearnerSettings.nullable(),
  seed: z.number(),
  /** Training rows; 0 when not known. */
  rows: z.number(),
  /** 0 in a model without trees. */
  treeCount: z.number(),
  nodeCount: z.number(),
  /** Lowest and highest training value per predictor; empty when not known. */
  ranges: z.array(z.tuple([z.number(), z.number()])),
  /** Error on rows a tree did not see: n rows, rmse in target units, rSquared = 1 − SSE/SST; NaN when not known. */
  outOfBag: z.strictObject({ n: z.number(), rmse: numberOrNaN, rSquared: numberOrNaN }),
  importance: z.strictObject({
    /** Per predictor its share, sum 1: of the fall in variance; in a model without trees of the rise of the squared error on
     *  training rows when its values are permuted. Empty when not known. */
    impurity: z.array(numberOrNaN),
    /** Per predictor the rise in out-of-bag mean squared error when it is permuted, target units squared, mean and standard
     *  deviation over trees; empty unless asked for at training. */
    permutation: z.array(numberOrNaN),
    permutationSd: z.array(numberOrNaN),
  }),
  /** How the number of boosting rounds was found. */
  earlyStopping: z
    .strictObject({
      /** Rows held out to find it. */
      rows: z.number(),
      /** RMSE on them after each round tried. */
      rmse: z.array(z.number()),
    })
    .optional(),
  /** How settings were sought. Support vectors tuned by Loam before it tuned trees lack what has a default or is optional. */
  tuning: z
    .strictObject({
      method: z.enum(['grid', 'bayesian']).default('grid'),
      seed: z.number().default(0),
      rows: z.number(),
      folds: z.number(),
      trials: z.array(z.object({ rmse: z.number() }).catchall(z.number())).readonly(),
      chosen: z.record(z.string(), z.number()).default({}),
      simplest: z.record(z.string(), z.number()).default({}),
      atBound: z.array(z.string()).readonly(),
    })
    .optional(),
})
export type ModelInfo = z.infer<typeof ModelInfo>

export interface Model {
  readonly type: ModelInfo['type']
  readonly predictors: string[]
  readonly info: ModelInfo
  /** @param columns one Float32Array[n] per predictor, in the order of `predictors`
   *  @returns Float32Array[n], target units; NaN where a predictor is NaN. The same bytes for every number of threads.
   *  @throws cancelled */
  predict(columns: Float32Array[], n: number, threads: number, options?: PredictOptions): Promise<Float32Array>
  /** `predict` for several days of the same cells: sooner than one by one, because a place's days are alike and a predictor that is
   *  the same array on every day is coded once. */
  predictDays(
    days: readonly Float32Array[][],
    n: number,
    threads: number,
    options?: PredictOptions,
  ): Promise<Float32Array[]>
  /** The target's distribution at each cell: quantiles and standard deviation, and the mean, which is that of `predict`.
   *  Null for a model that keeps no leaf samples (a forest trained without `intervals`, a boosting, an imported model).
   *  @param quantiles each in (0, 1); from the training rows in the leaves a cell falls into, weighted as by Meinshausen (2006) */
  readonly predictIntervals:
    | ((
        columns: Float32Array[],
        n: number,
        threads: number,
        quantiles: readonly number[],
        options?: PredictOptions,
      ) => Promise<Intervals>)
    | null
  /** The bytes of its model file; equal models give equal bytes. */
  encode(): Uint8Array
  /** Its trees as plain data; see main/native. Null for a model without trees. */
  readonly parts: (() => ForestParts) | null
}

/** Arrays of n values, target units; NaN where a predictor is NaN. */
export interface Intervals {
  readonly mean: Float32Array
  /** Standard deviation of the target there, not of its mean. */
  readonly sd: Float32Array
  /** In the order asked for. */
  readonly quantiles: Float32Array[]
}

export interface PredictOptions {
  /** Cells of a row when the cells are a map, row by row: about twice as fast. The result does not depend on it. */
  readonly rowLength?: number
  readonly signal?: AbortSignal
}

export interface FitOptions {
  readonly seed: number
  /** The model does not depend on it. */
  readonly threads: number
  readonly signal?: AbortSignal
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void
  /** Takes about half as long again as the training; default false. */
  readonly permutationImportance?: boolean
  /** Some of the rows learned from, kept apart while the number of rounds is sought; only for early stopping. */
  readonly stoppingRows?: Int32Array
  /** Fold of each row of the table, from 0, by which settings are sought; −1: the row is not tried. Only for tuning. */
  readonly tuningFolds?: Int32Array
  /** What the model says it predicts. */
  readonly target?: { readonly name: string; readonly unit: string }
}

/** A way to learn the target from the predictors. */
export interface Learner<Settings> {
  /** @param rows the rows to learn from; null means all
   *  @throws bad_table (a missing value), too_few_rows, bad_input, cancelled */
  fit(table: TrainingRows, rows: Int32Array | null, settings: Settings, options: FitOptions): Promise<Model>
}

/** The part of a training table that learning looks at. */
export type TrainingRows = Pick<SampleTable, 'predictors' | 'columns' | 'target'> & {
  /** How much each row counts, >= 0, at least one above; default all the same. Only a forest takes them: a row of twice the weight
   *  counts as one that is in the table twice, but is drawn with it and leaves count it as one. */
  readonly weights?: Float64Array
}
