import { z } from 'zod'

const triedValues = z.array(z.number().gt(0).max(1e6)).min(1).max(12)
const triedCounts = (most?: number) =>
  z
    .array(most ? z.int().min(1).max(most) : z.int().min(1))
    .min(1)
    .max(12)

/** How trees' settings are sought: on rows held out as the recipe's split holds them out, never on those a tree was fitted to. */
const search = {
  /** `bayesian`: anything between the lowest and the highest of each list, evenly at first, then where a Gaussian process of the
   *  trials so far expects the most; `grid`: all combinations of the listed values. */
  method: z.enum(['bayesian', 'grid']).default('bayesian'),
  /** Combinations that a Bayesian search tries. */
  trials: z.int().min(2).max(100).default(24),
  /** Folds of the recipe's split are joined to so many. */
  folds: z.int().min(2).max(10).default(3),
  /** Rows that are tried on, drawn with the seed when there are more. */
  mostRows: z.int().min(20).max(100_000).default(5000),
}

/** Above this, a grid is a slip of the pen: each combination is fitted once for every fold, and again in every fold of the scores. */
const mostCombinations = 400

function isSmallGrid({ method, ...rest }: { method: string; [list: string]: unknown }): boolean {
  const lengths = Object.values(rest).flatMap((value) => (Array.isArray(value) ? [value.length] : []))
  return method !== 'grid' || lengths.reduce((product, length) => product * length, 1) <= mostCombinations
}
const gridTooLarge = {
  message: `lists more than ${mostCombinations} combinations; shorten the lists or choose "bayesian"`,
}

export const ForestSettings = z.strictObject({
  type: z.literal('forest'),
  treeCount: z.int().min(1).max(5000).default(126),
  minLeafSize: z.int().min(1).default(5),
  /** Predictors tried at each split; default all of them over 3, rounded up. */
  predictorsPerSplit: z.int().min(1).optional(),
  maxDepth: z.int().min(1).max(64).default(64),
  /** Share of the rows drawn for each tree; with replacement when 1. */
  sampleFraction: z.number().gt(0).max(1).default(1),
  /** Keep which training rows each leaf holds, for quantiles and standard deviations; the model is then about twice as large. */
  intervals: z.boolean().optional(),
  /** How many rows each leaf keeps with intervals; default 4, a systematic sample of equal weights, which misses a quantile by less
   *  than 1 % with 126 trees. All: quantiles after Meinshausen (2006) to the last row, some 8 bytes per row and tree, and slow. */
  leafSamples: z.union([z.literal('all'), z.int().min(1).max(64)]).optional(),
  /** The settings listed are those with the lowest error on held-out rows; the forest is then grown from all its rows. */
  tuning: z
    .strictObject({
      minLeafSizes: triedCounts().default([1, 2, 5, 10, 20, 50]),
      /** Default a sixth, a third and two thirds of the predictors, and all. */
      predictorsPerSplit: triedCounts().optional(),
      /** Default only the recipe's own. */
      maxDepths: triedCounts(64).optional(),
      /** Default only the recipe's own: more trees are hardly ever worse. */
      treeCounts: triedCounts(5000).optional(),
      ...search,
    })
    .refine(isSmallGrid, gridTooLarge)
    .optional(),
})
export type ForestSettings = z.infer<typeof ForestSettings>

/** Boosted regression trees with squared loss. */
export const BoostingSettings = z.strictObject({
  type: z.literal('boosting'),
  /** Trees, at most with early stopping. */
  rounds: z.int().min(1).max(20_000).default(300),
  /** Share of a leaf's mean residual that its tree adds. */
  learningRate: z.number().gt(0).max(1).default(0.1),
  maxDepth: z.int().min(1).max(64).default(6),
  /** Fewest sampled rows of a leaf. */
  minChildWeight: z.int().min(1).default(1),
  /** L2 penalty on leaf values, in rows. */
  l2: z.number().nonnegative().max(1e9).default(1),
  /** Share of the rows each tree learns from, drawn without replacement. */
  rowFraction: z.number().gt(0).max(1).default(1),
  /** Share of the predictors each tree may split on. */
  columnFraction: z.number().gt(0).max(1).default(1),
  /** The number of rounds is the one with the lowest error on rows held out of the training rows, parted like the recipe's first
   *  split; the search ends after `patience` rounds without a lower one. The model is then grown anew from all training rows. */
  earlyStopping: z.strictObject({ patience: z.int().min(1).max(10_000).default(20) }).optional(),
  /** The settings listed are those with the lowest error on held-out rows, with early stopping at the best number of rounds of each;
   *  the trees are then grown from all rows. */
  tuning: z
    .strictObject({
      maxDepths: triedCounts(64).default([2, 4, 6, 8]),
      learningRates: z.array(z.number().gt(0).max(1)).min(1).max(12).default([0.03, 0.1, 0.3]),
      l2Penalties: z.array(z.number().nonnegative().max(1e9)).min(1).max(12).default([0.3, 1, 3, 10, 30]),
      /** Default only the recipe's own. */
      minChildWeights: triedCounts().optional(),
      ...search,
    })
    .refine(isSmallGrid, gridTooLarge)
    .optional(),
})
export type BoostingSettings = z.infer<typeof BoostingSettings>

/** Multiple linear regression, or with a penalty ridge regression (Hoerl & Kennard 1970), in closed form. */
export const LinearSettings = z.strictObject({
  type: z.literal('linear'),
  /** Penalty on the squared coefficients of standardised predictors, in rows: each shrinks as if so many rows said it were 0.
   *  0 is least squares; of predictors that hang together exactly it takes the coefficients of least size. */
  ridge: z.number().nonnegative().max(1e9).default(0),
})
export type LinearSettings = z.infer<typeof LinearSettings>

/** ε-insensitive support vector regression with a radial kernel exp(−γ |a − b|²). Predictors and target are standardised, so cost
 *  and epsilon are in standard deviations of the target, and γ per squared standard deviation of a predictor, as in e1071. */
export const SvrSettings = z.strictObject({
  type: z.literal('svr'),
  /** C: how much a row's error beyond epsilon costs. */
  cost: z.number().gt(0).max(1e6).default(1),
  /** Default 1 / number of predictors. */
  gamma: z.number().gt(0).max(1e6).optional(),
  /** Errors up to here cost nothing, in standard deviations of the target. */
  epsilon: z.number().nonnegative().max(10).default(0.1),
  /** Rows learned from, drawn with the seed when there are more: time grows with their square, and prediction with the rows kept. */
  mostRows: z.int().min(20).max(20_000).default(5000),
  /** A predictor of classes, as land cover: each class of enough rows has a regression of its own, from the other predictors; the
   *  other classes have one of all rows. */
  byClass: z.string().optional(),
  /** Rows a class needs for a regression of its own. */
  leastClassRows: z.int().min(5).default(50),
  /** Cost, gamma and epsilon are those of all combinations with the lowest error on held-out rows, parted like the recipe's
   *  split; the model is then fitted to all its rows. */
  tuning: z
    .strictObject({
      /** Folds of the recipe's split are joined to so many. */
      folds: z.int().min(2).max(10).default(3),
      costs: triedValues.default([0.3, 1, 3, 10, 30]),
      gammas: triedValues.default([0.01, 0.03, 0.1, 0.3]),
      epsilons: triedValues.default([0.1]),
      /** Rows that are tried on, drawn with the seed when there are more. */
      mostRows: z.int().min(20).max(5000).default(1000),
    })
    .optional(),
})
export type SvrSettings = z.infer<typeof SvrSettings>

/** Multilayer perceptron: hidden layers of rectified units and a linear output, trained with Adam on standardised predictors and
 *  target. */
export const MlpSettings = z.strictObject({
  type: z.literal('mlp'),
  /** Units of each hidden layer. */
  hiddenLayers: z.array(z.int().min(1).max(256)).min(1).max(4).default([32, 16]),
  /** Passes over all rows, at most with stopping. */
  epochs: z.int().min(1).max(5000).default(200),
  /** Size of a step of Adam. */
  learningRate: z.number().gt(0).max(1).default(0.005),
  /** Rows of a step. */
  batchRows: z.int().min(1).max(4096).default(32),
  /** Penalty on half the squared weights. */
  penalty: z.number().nonnegative().max(1000).default(0.0001),
  /** Rows learned from, drawn with the seed when there are more. */
  mostRows: z.int().min(20).max(200_000).default(20_000),
  /** The number of epochs is the one with the lowest error on rows held out of the training rows, parted like the recipe's first
   *  split; the search ends after `patience` epochs without a lower one. The model is then trained anew from all its rows. */
  stopping: z.strictObject({ patience: z.int().min(1).max(1000).default(20) }).optional(),
})
export type MlpSettings = z.infer<typeof MlpSettings>

export const LearnerSettings = z.discriminatedUnion('type', [
  ForestSettings,
  BoostingSettings,
  LinearSettings,
  SvrSettings,
  MlpSettings,
])
export type LearnerSettings = z.infer<typeof LearnerSettings>
