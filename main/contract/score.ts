/** One measure with its 95 % interval from a bootstrap over whole groups (stations, spatial blocks), null when it
 *  cannot be computed (fewer than 3 groups, no variance). */
export interface Measure {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

export const measureNames = ['pearsonR', 'rmse', 'bias', 'ubrmse', 'mae', 'slope', 'rSquared', 'nse', 'kge'] as const
export type MeasureName = (typeof measureNames)[number]

/** Scores of predicted against observed values.
 *  bias = mean(predicted − observed), positive is too wet; ubrmse² = rmse² − bias²; rSquared is pearsonR²;
 *  nse = 1 − SSE/SST is the R² that can be negative; slope is of observed on predicted by least squares. */
export interface Scores {
  readonly n: number
  readonly groups: number
  /** Two-sided p of pearsonR = 0; null when n < 3. It takes pairs as independent, which daily series are not. */
  readonly pValue: number | null
  readonly measures: Record<MeasureName, Measure>
}

/** One row of a score table. */
export interface ScoreRow {
  /** Name of the validation in the recipe, or `crossValidation`. */
  readonly validation: string
  /** `fine map`, `coarse product`, `random folds`, `place folds`, … */
  readonly subject: string
  /** `overall`, `applicability:inside`, `applicability:outside`, `station:R1`, `month:2018-07`. */
  readonly part: string
  /** False: the reference is itself modelled, say "consistency", not "accuracy". */
  readonly measured: boolean
  readonly scores: Scores
}

/** How often an interval held the value, beside how often it should. */
export interface IntervalCoverage {
  /** Lowest and highest quantile. */
  readonly low: number
  readonly high: number
  /** high − low. */
  readonly expected: number
  /** Share of the pairs with low ≤ observed ≤ high. */
  readonly inside: number
  /** Shares below and above it. */
  readonly below: number
  readonly above: number
  readonly n: number
  /** Target units. */
  readonly meanWidth: number
}
