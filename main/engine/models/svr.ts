import type { SvrSettings } from '../../contract/index.ts'
import { predictSvr, trainSvr } from '../../native/index.ts'
import { loamVersion } from './forest.ts'
import type { FitOptions, Learner, Model, ModelInfo, TrainingRows } from './model.ts'
import { withLoamErrors } from './native-fault.ts'
import { numberModel } from './number-model.ts'
import { ownRows } from './own-rows.ts'
import { permutedShare } from './permuted-share.ts'
import { scalesOf, standardised } from './standardise.ts'
import type { Scales } from './standardise.ts'
import { tuneSvr } from './tune-svr.ts'

/** ε-support vector regression with a radial kernel, trained and predicted by main/native. Predictors and target are standardised
 *  first (as R's e1071 does, which the Naqu study used), so that no predictor counts for its unit.
 *  Source: Smola & Schölkopf (2004), Statistics and Computing 14, 199–222. */
export const svr: Learner<SvrSettings> = {
  async fit(table: TrainingRows, rows: Int32Array | null, settings: SvrSettings, options: FitOptions): Promise<Model> {
    const { seed, threads, signal, onProgress, target } = options
    const own = ownRows(table, rows, { learner: 'support vector regression', seed, most: settings.mostRows })
    const scales = scalesOf(own.columns, own.target)
    const columns = standardised(own.columns, scales)
    const goal = own.target.map((value) =>
      scales.targetScale > 0 ? (value - scales.targetMean) / scales.targetScale : 0,
    )
    const tuning = settings.tuning && (await tuneSvr(columns, goal, own.rows, settings.tuning, options))
    const { cost, epsilon, gamma = 1 / table.predictors.length } = tuning?.best ?? settings
    const from = tuning ? 0.8 : 0
    const trained = await withLoamErrors(() =>
      trainSvr(columns, goal, {
        cost,
        gamma,
        epsilon,
        threads,
        signal,
        onProgress: onProgress && ((share) => onProgress(from + share * (1 - from))),
      }),
    )
    const arrays = keptArrays(columns, scales, trained, gamma)
    const info: ModelInfo = {
      type: 'svr',
      trainedBy: 'loam',
      loamVersion: loamVersion(),
      predictors: [...table.predictors],
      target: target?.name ?? '',
      targetUnit: target?.unit ?? '',
      settings: { ...settings, cost, gamma, epsilon },
      seed,
      rows: goal.length,
      treeCount: 0,
      nodeCount: 0,
      ranges: own.ranges,
      outOfBag: { n: 0, rmse: Number.NaN, rSquared: Number.NaN },
      importance: { impurity: [], permutation: [], permutationSd: [] },
      ...(tuning
        ? {
            tuning: {
              rows: tuning.rows,
              folds: tuning.folds,
              trials: tuning.trials.map(({ rmse, ...tried }) => ({ ...tried, rmse: rmse * scales.targetScale })),
              atBound: [...tuning.atBound],
            },
          }
        : {}),
    }
    const bare = svrModel(info, arrays)
    const impurity = await permutedShare(
      (given, n) => bare.predict(given, n, threads, { signal }),
      own.columns,
      own.target,
      seed,
    )
    return svrModel({ ...info, importance: { ...info.importance, impurity } }, arrays)
  },
}

/** @param arrays gamma, bias, mean and scale of the target; means and scales of the predictors; coefficients; support vectors,
 *  vector by vector, standardised */
export function svrModel(info: ModelInfo, arrays: readonly Float64Array[]): Model {
  const [[gamma, bias, targetMean, targetScale], means, scales, coefficients, vectors] = arrays
  const numbers = { gamma, bias, targetMean, targetScale, means, scales, coefficients, vectors }
  return numberModel(info, arrays, (columns, results, threads, { signal }) =>
    withLoamErrors(() => predictSvr(numbers, columns, results, { threads, signal })),
  )
}

/** Whether the arrays of a support vector regression have the lengths they should. */
export function svrFits(predictors: number, arrays: readonly Float64Array[]): boolean {
  const vectors = arrays[3]?.length ?? 0
  return (
    arrays.length === 5 &&
    [4, predictors, predictors, vectors, vectors * predictors].every((length, i) => arrays[i].length === length)
  )
}

/** The numbers of the model: rows in the tube are left out. */
function keptArrays(
  columns: readonly Float64Array[],
  { means, scales, targetMean, targetScale }: Scales,
  trained: { readonly coefficients: Float64Array; readonly bias: number },
  gamma: number,
): Float64Array[] {
  const kept = [...trained.coefficients.keys()].filter((row) => trained.coefficients[row] !== 0)
  const vectors = new Float64Array(kept.length * columns.length)
  kept.forEach((row, v) => columns.forEach((column, p) => (vectors[v * columns.length + p] = column[row])))
  return [
    Float64Array.of(gamma, trained.bias, targetMean, targetScale),
    means,
    scales,
    Float64Array.from(kept, (row) => trained.coefficients[row]),
    vectors,
  ]
}
