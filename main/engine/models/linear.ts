import { LoamError } from '../../contract/index.ts'
import type { LinearSettings } from '../../contract/index.ts'
import { symmetricEigen } from '../numeric/index.ts'
import { describedEquation, modelHead } from './model-head.ts'
import type { FitOptions, Learner, Model, ModelInfo, TrainingRows } from './model.ts'
import { numberModel } from './number-model.ts'
import { ownRows } from './own-rows.ts'
import { scalesOf } from './standardise.ts'

/** Eigenvalues of the correlation matrix below this share of the largest are rounding: predictors that say the same twice. */
const leastEigenvalue = 1e-10

/** Multiple linear regression by least squares, or ridge regression (Hoerl & Kennard 1970), in closed form: the normal equations
 *  of standardised predictors, solved by the eigenvectors of their correlation matrix, so that predictors that hang together
 *  exactly (sand + silt + clay = 100 %) give the coefficients of least size instead of noise. A predictor that does not vary has
 *  the coefficient 0. The intercept is not shrunk. */
export const linear: Learner<LinearSettings> = {
  async fit(
    table: TrainingRows,
    rows: Int32Array | null,
    settings: LinearSettings,
    options: FitOptions,
  ): Promise<Model> {
    const { seed, signal } = options
    const own = ownRows(table, rows, { learner: 'linear regression', seed })
    if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
    const { means, scales, targetMean } = scalesOf(own.columns, own.target)
    const coefficients = solveRidge(own.columns, own.target, { means, scales, targetMean }, settings.ridge)
    const arrays = [Float64Array.of(targetMean), means, coefficients]
    return describedEquation(linearModel, arrays, own, modelHead(table, settings, options), options)
  },
}

/** @param arrays mean of the target; means of the predictors; change of the target per unit of each predictor */
export function linearModel(info: ModelInfo, arrays: readonly Float64Array[]): Model {
  const [[targetMean], means, coefficients] = arrays
  return numberModel(info, arrays, (columns, results) => {
    const sums = new Float64Array(results.length).fill(targetMean)
    for (const [p, column] of columns.entries()) {
      const mean = means[p]
      const coefficient = coefficients[p]
      for (let i = 0; i < sums.length; i++) sums[i] += coefficient * (column[i] - mean)
    }
    results.set(sums)
  })
}

/** Whether the arrays of a linear model have the lengths they should. */
export function linearFits({ predictors: { length } }: ModelInfo, arrays: readonly Float64Array[]): boolean {
  return [1, length, length].every((count, i) => arrays[i]?.length === count) && arrays.length === 3
}

/** (Z'Z + ridge · I) b = Z'(y − mean) for standardised predictors Z, and b per unit of each predictor. */
function solveRidge(
  columns: readonly Float32Array[],
  target: Float64Array,
  { means, scales, targetMean }: { means: Float64Array; scales: Float64Array; targetMean: number },
  ridge: number,
): Float64Array {
  const p = columns.length
  const n = target.length
  const standard = columns.map((column, k) =>
    Float64Array.from(column, (value) => (scales[k] > 0 ? (value - means[k]) / scales[k] : 0)),
  )
  const products = new Float64Array(p * p)
  const right = new Float64Array(p)
  for (let j = 0; j < p; j++) {
    const a = standard[j]
    for (let i = 0; i < n; i++) right[j] += a[i] * (target[i] - targetMean)
    for (let k = j; k < p; k++) {
      const b = standard[k]
      let sum = 0
      for (let i = 0; i < n; i++) sum += a[i] * b[i]
      products[j * p + k] = sum
      products[k * p + j] = sum
    }
  }
  const { values, vectors } = symmetricEigen(products, p)
  const least = leastEigenvalue * Math.max(...values)
  const coefficients = new Float64Array(p)
  for (let e = 0; e < p; e++) {
    if (values[e] <= least) continue
    let along = 0
    for (let j = 0; j < p; j++) along += vectors[j * p + e] * right[j]
    for (let j = 0; j < p; j++) coefficients[j] += (vectors[j * p + e] * along) / (values[e] + ridge)
  }
  return coefficients.map((value, j) => (scales[j] > 0 ? value / scales[j] : 0))
}
