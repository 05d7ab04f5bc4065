import { LoamError } from '../../../contract/index.ts'
import type { BoostingSettings, ForestSettings, TuningTrace } from '../../../contract/index.ts'
import { trainBoosted } from '../../../native/index.ts'
import type { FitOptions, Model, TrainingRows } from '../model.ts'
import { withLoamErrors } from '../native-fault.ts'
import { heldOutParts } from './held-out-parts.ts'
import type { HeldOutPart } from './held-out-parts.ts'
import { seekSettings } from './seek-settings.ts'
import type { PartScore, Scored } from './seek-settings.ts'
import { searchOf } from './sought-of.ts'
import type { Tried } from './sought.ts'

/** A fit with settings that were tried, to some rows of the table. */
type Fit<Settings> = (settings: Settings, rows: Int32Array) => Promise<Model>

/** The settings of a forest with the lowest error on rows that the trees had not, nor others of their fold; leaves keep no samples for
 *  intervals meanwhile.
 *  @throws bad_input when the rows lie in fewer than two folds, or more predictors are to be tried at a split than there are */
export function tuneForest(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: ForestSettings,
  options: FitOptions,
  fit: Fit<ForestSettings>,
): Promise<TuningTrace> {
  const predictors = table.predictors.length
  const tooMany = settings.tuning?.predictorsPerSplit?.find((count) => count > predictors)
  if (tooMany !== undefined)
    throw new LoamError(
      'bad_input',
      `tuning.predictorsPerSplit names ${tooMany}, but there are only ${predictors} predictors. Give at most that many.`,
    )
  return tune(table, rows, settings, options, (tried, part) =>
    scoreOfFit(table, part, (fitted) =>
      fit({ ...settings, ...tried, tuning: undefined, intervals: undefined }, fitted),
    ),
  )
}

/** The settings of boosted trees with the lowest error on rows that the trees had not, nor others of their fold. With early stopping
 *  the error of a trial is that at the number of rounds which is best for all held-out rows together.
 *  @throws bad_input when the rows lie in fewer than two folds */
export function tuneBoosting(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: BoostingSettings,
  options: FitOptions,
  fit: Fit<BoostingSettings>,
): Promise<TuningTrace> {
  const { earlyStopping } = settings
  if (!earlyStopping)
    return tune(table, rows, settings, options, (tried, part) =>
      scoreOfFit(table, part, (fitted) => fit({ ...settings, ...tried, tuning: undefined }, fitted)),
    )
  const search = (tried: Tried, part: TablePart): Promise<Curve> =>
    curveOf(table, part, { ...settings, ...tried }, earlyStopping.patience, options)
  return seek(table, rows, settings, options, async (tried, parts) => {
    const curves: Curve[] = []
    for (const part of parts) curves.push(await search(tried, part))
    return atBestRound(curves)
  })
}

/** Rows of the table that are fitted and scored. */
interface TablePart {
  readonly fitted: Int32Array
  readonly scored: Int32Array
}

function tune(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: ForestSettings | BoostingSettings,
  options: FitOptions,
  score: (tried: Tried, part: TablePart) => Promise<PartScore>,
): Promise<TuningTrace> {
  return seek(table, rows, settings, options, async (tried, parts) => {
    const scores: PartScore[] = []
    for (const part of parts) scores.push(await score(tried, part))
    return { parts: scores }
  })
}

async function seek(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: ForestSettings | BoostingSettings,
  { seed, tuningFolds, onProgress }: FitOptions,
  score: (tried: Tried, parts: readonly TablePart[]) => Promise<Scored>,
): Promise<TuningTrace> {
  const search = searchOf(settings, table.predictors.length)!
  const own = rows ?? Int32Array.from(table.target.keys())
  const ofTable = (places: readonly number[]): Int32Array => Int32Array.from(places, (i) => own[i])
  const parts = heldOutParts(own, tuningFolds, { ...search, seed }).map(
    ({ fitted, scored }: HeldOutPart): TablePart => ({ fitted: ofTable(fitted), scored: ofTable(scored) }),
  )
  const found = await seekSettings({ ...search, seed, onProgress, score: (tried) => score(tried, parts) })
  const scored = parts.reduce((sum, part) => sum + part.scored.length, 0)
  return { ...found, rows: scored, folds: parts.length }
}

async function scoreOfFit(
  { columns, target, weights }: TrainingRows,
  { fitted, scored }: TablePart,
  fit: (rows: Int32Array) => Promise<Model>,
): Promise<PartScore> {
  const model = await fit(fitted)
  const given = columns.map((column) => Float32Array.from(scored, (row) => column[row]))
  // One thread is enough for the few rows that are scored, and the result does not depend on it.
  const predicted = await model.predict(given, scored.length, 1)
  let [squares, count] = [0, 0]
  scored.forEach((row, i) => {
    const weight = weights ? weights[row] : 1
    squares += weight * (predicted[i] - target[row]) ** 2
    count += weight
  })
  return { squares, count }
}

/** RMSE on the scored rows after each round, until it no longer falls. */
interface Curve {
  readonly rmse: Float64Array
  readonly rows: number
}

async function curveOf(
  { columns, target }: TrainingRows,
  { fitted, scored }: TablePart,
  settings: BoostingSettings,
  patience: number,
  { seed, threads, signal }: FitOptions,
): Promise<Curve> {
  const rows = Int32Array.from([...fitted, ...scored]).sort()
  const isOfScored = new Set(scored)
  const { rounds, learningRate, maxDepth, minChildWeight, l2, rowFraction, columnFraction } = settings
  const shape = { rounds, learningRate, maxDepth, minChildWeight, l2, rowFraction, columnFraction }
  const grown = await withLoamErrors(() =>
    trainBoosted(
      columns.map((column) => Float32Array.from(rows, (row) => column[row])),
      Float64Array.from(rows, (row) => target[row]),
      Uint8Array.from(rows, (row) => (isOfScored.has(row) ? 1 : 0)),
      { ...shape, patience, seed, threads, signal },
    ),
  )
  return { rmse: grown.validationRmse, rows: scored.length }
}

/** The scores of all parts after the number of rounds that is best for them together. */
function atBestRound(curves: readonly Curve[]): Scored {
  const scoresAt = (round: number): PartScore[] =>
    curves.map(({ rmse, rows }) => ({ squares: rows * rmse[round] ** 2, count: rows }))
  const squaresAt = (round: number): number => scoresAt(round).reduce((sum, { squares }) => sum + squares, 0)
  // Every part has been grown so far.
  const common = Math.min(...curves.map(({ rmse }) => rmse.length))
  let best = 0
  for (let round = 1; round < common; round++) if (squaresAt(round) < squaresAt(best)) best = round
  return { parts: scoresAt(best), found: { rounds: best + 1 } }
}
