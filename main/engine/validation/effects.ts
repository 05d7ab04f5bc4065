import { LoamError } from '../../contract/index.ts'

/** What a model says as one predictor changes. */
export interface EffectCurve {
  /** Values of the predictor, ascending. */
  readonly values: number[]
  /** Partial dependence: the mean prediction there. ALE: the effect there, mean 0 over the rows. Target units. */
  readonly effects: number[]
  /** Rows that stand for each value: all of them, or those of the interval that ends there (0 for the first value). */
  readonly rows: number[]
}

type Predict = (columns: Float32Array[]) => Promise<Float32Array>

/** Partial dependence (Friedman 2001): the mean prediction of all rows when each has this value of the predictor. Where
 *  predictors hang together it asks the model about places that do not exist; ALE does not.
 *  @param columns one array per predictor, no NaN
 *  @param p place of the predictor
 *  @param points values at most; they are quantiles of the predictor
 *  @throws bad_input when there is no row */
export async function partialDependence(
  predict: Predict,
  columns: readonly Float32Array[],
  p: number,
  points: number,
): Promise<EffectCurve> {
  const values = quantilesOf(columns[p], points)
  const effects: number[] = []
  for (const value of values) {
    const changed = [...columns]
    changed[p] = new Float32Array(columns[p].length).fill(value)
    const predicted = await predict(changed)
    effects.push(predicted.reduce((sum, one) => sum + one, 0) / predicted.length)
  }
  return { values, effects, rows: values.map(() => columns[p].length) }
}

/** Accumulated local effects (Apley & Zhu 2020, JRSS B 82): between neighbouring quantiles of the predictor, the mean change of
 *  the prediction of the rows that lie there as the predictor alone goes from the lower to the upper one; added up, and moved so
 *  that its mean over the rows is 0 (a row counts with the mean of the two ends of its interval).
 *  @param points quantiles at most, at least 2
 *  @throws bad_input when there is no row, or the predictor has one value only */
export async function accumulatedLocalEffects(
  predict: Predict,
  columns: readonly Float32Array[],
  p: number,
  points: number,
): Promise<EffectCurve> {
  const own = columns[p]
  const values = quantilesOf(own, points)
  if (values.length < 2)
    throw new LoamError('bad_input', 'The predictor has one value in all rows, so it has no effect to tell.')
  // Interval k goes from values[k] to values[k + 1] and holds its upper end; the first holds both.
  const interval = Int32Array.from(own, (value) => {
    let k = 0
    while (k < values.length - 2 && value > values[k + 1]) k++
    return k
  })
  const predictAt = (end: 0 | 1): Promise<Float32Array> => {
    const changed = [...columns]
    changed[p] = Float32Array.from(interval, (k) => values[k + end])
    return predict(changed)
  }
  const [lower, upper] = [await predictAt(0), await predictAt(1)]
  const changes = new Float64Array(values.length)
  const rows = values.map(() => 0)
  for (let i = 0; i < own.length; i++) {
    changes[interval[i] + 1] += upper[i] - lower[i]
    rows[interval[i] + 1]++
  }
  const effects = values.map(() => 0)
  let mean = 0
  for (let k = 1; k < values.length; k++) {
    effects[k] = effects[k - 1] + (rows[k] > 0 ? changes[k] / rows[k] : 0)
    mean += (rows[k] * (effects[k - 1] + effects[k])) / 2 / own.length
  }
  return { values, effects: effects.map((effect) => effect - mean), rows }
}

/** Lowest, highest and evenly spread quantiles between them, each once. */
function quantilesOf(column: Float32Array, points: number): number[] {
  if (column.length === 0)
    throw new LoamError('bad_input', 'The table has no whole row, so there is nothing to predict.')
  const sorted = Float32Array.from(column).sort()
  const at = (k: number): number => sorted[Math.round((k / Math.max(1, points - 1)) * (sorted.length - 1))]
  return [...new Set(Array.from({ length: points }, (_, k) => at(k)))]
}
