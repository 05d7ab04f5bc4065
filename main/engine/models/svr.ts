import type { SvrSettings, TuningTrace } from '../../contract/index.ts'
import { LoamError } from '../../contract/index.ts'
import { predictSvr, trainSvr } from '../../native/index.ts'
import { cellsByClass, classesOf } from './classes.ts'
import { describedEquation, modelHead } from './model-head.ts'
import type { FitOptions, Learner, Model, ModelInfo, PredictOptions, TrainingRows } from './model.ts'
import { withLoamErrors } from './native-fault.ts'
import { numberModel } from './number-model.ts'
import { ownRows } from './own-rows.ts'
import { scalesOf, standardised } from './standardise.ts'
import type { Scales } from './standardise.ts'
import { tuneSvr } from './tuning/tune-svr.ts'

/** ε-support vector regression with a radial kernel, trained and predicted by main/native. Predictors and target are standardised
 *  first (as R's e1071 does, which the Naqu study used), so that no predictor counts for its unit. With `byClass` there is a model for
 *  each class that has rows enough, and one of all rows for the others.
 *  Source: Smola & Schölkopf (2004), Statistics and Computing 14, 199–222. */
export const svr: Learner<SvrSettings> = {
  async fit(table: TrainingRows, rows: Int32Array | null, settings: SvrSettings, options: FitOptions): Promise<Model> {
    const { seed, threads, signal, onProgress } = options
    const own = ownRows(table, rows, { learner: 'support vector regression', seed, most: settings.mostRows })
    const place = classPlace(table.predictors, settings)
    const explaining = place === null ? own.columns : own.columns.filter((_, p) => p !== place)
    const scales = scalesOf(explaining, own.target)
    const columns = standardised(explaining, scales)
    const tuning =
      settings.tuning &&
      (await tuneSvr(columns, standardTarget(own.target, scales), own.rows, settings, {
        ...options,
        onProgress: onProgress && ((share) => onProgress(0.8 * share)),
      }))
    const { cost, epsilon, gamma = 1 / explaining.length } = { ...settings, ...tuning?.chosen }
    const from = tuning ? 0.8 : 0

    const classes = place === null ? [] : classesOf(own.columns[place], settings.leastClassRows)
    const parts = [null, ...classes.map(({ rows: members }) => members)]
    const arrays: Float64Array[] = place === null ? [] : [Float64Array.from(classes, ({ code }) => code)]
    for (const [done, members] of parts.entries()) {
      const share = (1 - from) / parts.length
      const report = onProgress && ((value: number) => onProgress(from + share * (done + value)))
      const values = members ? Float64Array.from(members, (row) => own.target[row]) : own.target
      const given = members ? explaining.map((column) => Float32Array.from(members, (row) => column[row])) : explaining
      const ownScales = members ? scalesOf(given, values) : scales
      const standard = standardised(given, ownScales)
      const trained = await withLoamErrors(() =>
        trainSvr(standard, standardTarget(values, ownScales), {
          cost,
          gamma,
          epsilon,
          threads,
          signal,
          onProgress: report,
        }),
      )
      arrays.push(...keptArrays(standard, ownScales, trained, gamma))
    }
    const head = modelHead(table, { ...settings, cost, gamma, epsilon }, options)
    const found = tuning ? { tuning: inUnits(tuning, scales.targetScale) } : {}
    return describedEquation(svrModel, arrays, own, head, options, found)
  },
}

/** Errors in the unit of the target, of which they were standard deviations. */
function inUnits(tuning: TuningTrace, targetScale: number): TuningTrace {
  const trials = tuning.trials.map(({ rmse, standardError, ...tried }) => ({
    ...tried,
    standardError: standardError * targetScale,
    rmse: rmse * targetScale,
  }))
  return { ...tuning, trials }
}

/** Arrays of one regression. */
const arraysOfOne = 5

/** @param arrays with classes first their codes, and then the arrays of the regression of all rows and of that of each class: gamma, bias,
 *  mean and scale of the target; means and scales of the predictors; coefficients; support vectors, vector by vector, standardised */
export function svrModel(info: ModelInfo, arrays: readonly Float64Array[]): Model {
  const place = classPlace(info.predictors, info.settings)
  const first = place === null ? 0 : 1
  const regressions: Regression[] = []
  for (let at = first; at < arrays.length; at += arraysOfOne)
    regressions.push(regressionOf(arrays.slice(at, at + arraysOfOne)))
  if (place === null)
    return numberModel(info, arrays, (columns, results, threads, options) =>
      regressions[0](columns, results, threads, options),
    )
  const codes = [...arrays[0]]
  return numberModel(info, arrays, async (columns, results, threads, options) => {
    const explaining = columns.filter((_, p) => p !== place)
    // Cells without a class are in no part and have no value.
    results.fill(Number.NaN)
    for (const { regression, cells } of cellsByClass(columns[place], codes)) {
      const part = new Float32Array(cells.length)
      const given = explaining.map((column) => Float32Array.from(cells, (cell) => column[cell]))
      await regressions[regression](given, part, threads, options)
      cells.forEach((cell, i) => (results[cell] = part[i]))
    }
  })
}

type Regression = (
  columns: Float32Array[],
  results: Float32Array,
  threads: number,
  options: PredictOptions,
) => Promise<void>

function regressionOf(arrays: readonly Float64Array[]): Regression {
  const [[gamma, bias, targetMean, targetScale], means, scales, coefficients, vectors] = arrays
  const numbers = { gamma, bias, targetMean, targetScale, means, scales, coefficients, vectors }
  return (columns, results, threads, { signal }) =>
    withLoamErrors(() => predictSvr(numbers, columns, results, { threads, signal }))
}

/** Whether the arrays of a support vector regression have the lengths they should. */
export function svrFits(info: ModelInfo, arrays: readonly Float64Array[]): boolean {
  const byClass = info.settings?.type === 'svr' ? info.settings.byClass : undefined
  const isByClass = byClass !== undefined
  if (isByClass && !info.predictors.includes(byClass)) return false
  const predictors = info.predictors.length - (isByClass ? 1 : 0)
  const regressions = isByClass ? 1 + (arrays[0]?.length ?? 0) : 1
  const own = isByClass ? arrays.slice(1) : arrays
  if (own.length !== regressions * arraysOfOne) return false
  return Array.from({ length: regressions }, (_, k) => own.slice(k * arraysOfOne, (k + 1) * arraysOfOne)).every(
    (one) => {
      const vectors = one[3].length
      return [4, predictors, predictors, vectors, vectors * predictors].every((length, i) => one[i].length === length)
    },
  )
}

/** Place of the predictor whose classes have models of their own; null without classes.
 *  @throws bad_input when it is no predictor, or the only one */
function classPlace(predictors: readonly string[], settings: ModelInfo['settings']): number | null {
  if (settings?.type !== 'svr' || settings.byClass === undefined) return null
  const place = predictors.indexOf(settings.byClass)
  if (place < 0 || predictors.length < 2)
    throw new LoamError(
      'bad_input',
      `byClass names "${settings.byClass}"; it needs one of the predictors, and others beside it: ${predictors.join(', ')}.`,
    )
  return place
}

function standardTarget(target: Float64Array, { targetMean, targetScale }: Scales): Float64Array {
  return target.map((value) => (targetScale > 0 ? (value - targetMean) / targetScale : 0))
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
