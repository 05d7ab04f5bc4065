import { LoamError } from '../../contract/index.ts'
import type { SvrSettings } from '../../contract/index.ts'
import { predictSvr, trainSvr } from '../../native/index.ts'
import { Random } from '../numeric/index.ts'
import type { FitOptions } from './model.ts'
import { withLoamErrors } from './native-fault.ts'

interface Tried {
  readonly cost: number
  readonly gamma: number
  readonly epsilon: number
}

export interface TunedSvr {
  readonly best: Tried
  readonly rows: number
  readonly folds: number
  /** Root mean square error on held-out rows, in the unit of the target given. */
  readonly trials: readonly (Tried & { readonly rmse: number })[]
  readonly atBound: readonly string[]
}

/** The cost, gamma and epsilon of all combinations with the lowest error on rows held out. Only held-out rows are scored, and they
 *  share no place or period with those fitted where the recipe's split parts them so.
 *  @param columns standardised predictors of the rows to learn from, and their target
 *  @param rows row of the table that each is
 *  @throws bad_input when the rows lie in fewer than two folds */
export async function tuneSvr(
  columns: readonly Float64Array[],
  target: Float64Array,
  rows: Int32Array,
  tuning: NonNullable<SvrSettings['tuning']>,
  { seed, threads, signal, onProgress, tuningFolds }: FitOptions,
): Promise<TunedSvr> {
  const parts = heldOutParts(rows, tuningFolds, tuning, seed)
  const combinations = tuning.costs.flatMap((cost) =>
    tuning.gammas.flatMap((gamma) => tuning.epsilons.map((epsilon) => ({ cost, gamma, epsilon }))),
  )
  const trials: (Tried & { rmse: number })[] = []
  for (const tried of combinations) {
    let squares = 0
    let count = 0
    for (const { fitted, scored } of parts) {
      const trained = await withLoamErrors(() =>
        trainSvr(
          columns.map((column) => pick(column, fitted)),
          pick(target, fitted),
          { ...tried, threads, signal },
        ),
      )
      const errors = await errorsOn(columns, target, fitted, scored, trained, tried.gamma, { threads, signal })
      for (const error of errors) squares += error * error
      count += errors.length
    }
    trials.push({ ...tried, rmse: Math.sqrt(squares / count) })
    onProgress?.((0.8 * trials.length) / combinations.length)
  }
  // Of equals the first: the lowest cost, the smoothest kernel.
  const best = trials.reduce((lowest, trial) => (trial.rmse < lowest.rmse ? trial : lowest))
  const atBound = (
    [
      ['cost', tuning.costs, best.cost],
      ['gamma', tuning.gammas, best.gamma],
      ['epsilon', tuning.epsilons, best.epsilon],
    ] as const
  ).flatMap(([name, tried, value]) =>
    tried.length > 1 && (value === Math.min(...tried) || value === Math.max(...tried)) ? [name] : [],
  )
  const { cost, gamma, epsilon } = best
  const tried = parts.reduce((sum, { scored }) => sum + scored.length, 0)
  return { best: { cost, gamma, epsilon }, rows: tried, folds: parts.length, trials, atBound }
}

/** Which rows are fitted and which scored, fold by fold. */
function heldOutParts(
  rows: Int32Array,
  tuningFolds: Int32Array | undefined,
  { folds, mostRows }: NonNullable<SvrSettings['tuning']>,
  seed: number,
): { fitted: number[]; scored: number[] }[] {
  const inFold = [...rows.keys()].filter((i) => (tuningFolds?.[rows[i]] ?? -1) >= 0)
  const random = new Random(seed, 13)
  const drawn =
    inFold.length <= mostRows
      ? inFold
      : random
          .shuffle(inFold)
          .slice(0, mostRows)
          .sort((a, b) => a - b)
  const present = [...new Set(drawn.map((i) => tuningFolds![rows[i]]))].sort((a, b) => a - b)
  const count = Math.min(folds, present.length)
  if (count < 2)
    throw new LoamError(
      'bad_input',
      `Tuning scores settings on rows held out of the training rows, in two folds or more; there ${present.length === 1 ? 'is one' : 'are none'}. Leave out tuning, or part the rows into more groups.`,
    )
  const partOf = new Map(present.map((fold, i) => [fold, i % count]))
  return Array.from({ length: count }, (_, part) => {
    const isScored = (i: number): boolean => partOf.get(tuningFolds![rows[i]]) === part
    return { fitted: drawn.filter((i) => !isScored(i)), scored: drawn.filter(isScored) }
  })
}

async function errorsOn(
  columns: readonly Float64Array[],
  target: Float64Array,
  fitted: readonly number[],
  scored: readonly number[],
  { coefficients, bias }: { readonly coefficients: Float64Array; readonly bias: number },
  gamma: number,
  options: { readonly threads: number; readonly signal?: AbortSignal },
): Promise<Float64Array> {
  const p = columns.length
  const vectors = new Float64Array(fitted.length * p)
  fitted.forEach((row, v) => columns.forEach((column, k) => (vectors[v * p + k] = column[row])))
  const none = new Float64Array(p)
  const one = new Float64Array(p).fill(1)
  const model = { vectors, coefficients, gamma, bias, means: none, scales: one, targetMean: 0, targetScale: 1 }
  const results = new Float32Array(scored.length)
  const given = columns.map((column) => Float32Array.from(scored, (row) => column[row]))
  await withLoamErrors(() => predictSvr(model, given, results, options))
  return Float64Array.from(scored, (row, i) => results[i] - target[row])
}

function pick(values: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => values[row])
}
