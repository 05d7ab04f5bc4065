import type { SvrSettings, TuningTrace } from '../../../contract/index.ts'
import { predictSvr, trainSvr } from '../../../native/index.ts'
import type { FitOptions } from '../model.ts'
import { withLoamErrors } from '../native-fault.ts'
import { heldOutParts } from './held-out-parts.ts'
import type { HeldOutPart } from './held-out-parts.ts'
import { seekSettings } from './seek-settings.ts'
import type { PartScore } from './seek-settings.ts'
import { searchOf } from './sought-of.ts'
import type { Tried } from './sought.ts'

/** The cost, gamma and epsilon of all combinations with the lowest error on rows held out. Only held-out rows are scored, and they
 *  share no place or period with those fitted where the recipe's split parts them so.
 *  @param columns standardised predictors of the rows to learn from, and their target
 *  @param rows row of the table that each is
 *  @returns errors in the unit of the target given
 *  @throws bad_input when the rows lie in fewer than two folds */
export async function tuneSvr(
  columns: readonly Float64Array[],
  target: Float64Array,
  rows: Int32Array,
  settings: SvrSettings,
  options: FitOptions,
): Promise<TuningTrace> {
  const { seed, tuningFolds, onProgress } = options
  const search = searchOf(settings, columns.length)!
  const parts = heldOutParts(rows, tuningFolds, { ...search, seed })
  const found = await seekSettings({
    ...search,
    seed,
    onProgress,
    score: async (tried) => {
      const scores: PartScore[] = []
      for (const part of parts) scores.push(await scoreOf(columns, target, part, tried, options))
      return { parts: scores }
    },
  })
  const scored = parts.reduce((sum, part) => sum + part.scored.length, 0)
  return { ...found, rows: scored, folds: parts.length }
}

async function scoreOf(
  columns: readonly Float64Array[],
  target: Float64Array,
  { fitted, scored }: HeldOutPart,
  { cost, gamma, epsilon }: Tried,
  { threads, signal }: FitOptions,
): Promise<PartScore> {
  const { coefficients, bias } = await withLoamErrors(() =>
    trainSvr(
      columns.map((column) => pick(column, fitted)),
      pick(target, fitted),
      { cost, gamma, epsilon, threads, signal },
    ),
  )
  const p = columns.length
  const vectors = new Float64Array(fitted.length * p)
  fitted.forEach((row, v) => columns.forEach((column, k) => (vectors[v * p + k] = column[row])))
  const none = new Float64Array(p)
  const one = new Float64Array(p).fill(1)
  const model = { vectors, coefficients, gamma, bias, means: none, scales: one, targetMean: 0, targetScale: 1 }
  const results = new Float32Array(scored.length)
  const given = columns.map((column) => Float32Array.from(scored, (row) => column[row]))
  await withLoamErrors(() => predictSvr(model, given, results, { threads, signal }))
  const squares = scored.reduce((sum, row, i) => sum + (results[i] - target[row]) ** 2, 0)
  return { squares, count: scored.length }
}

function pick(values: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => values[row])
}
