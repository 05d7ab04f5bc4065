import { LoamError } from '../../contract/index.ts'
import type { BoostingSettings, TuningTrace } from '../../contract/index.ts'
import { trainBoosted } from '../../native/index.ts'
import { finiteRange, forestModel, sizeOf } from './forest.ts'
import { withLoamErrors } from './native-fault.ts'
import type { FitOptions, Learner, Model, TrainingRows } from './model.ts'
import { modelHead, noOutOfBag } from './model-head.ts'
import { searchProgress } from './tuning/search-work.ts'
import { tuneBoosting } from './tuning/tune-trees.ts'

/** Boosted regression trees with squared loss (Friedman 2001; penalties as in XGBoost, Chen & Guestrin 2016), grown by
 *  main/native. With early stopping the trees are grown twice: without `options.stoppingRows` to find the number of rounds, and
 *  then so many from all rows. */
export const boosting: Learner<BoostingSettings> = {
  async fit(
    table: TrainingRows,
    rows: Int32Array | null,
    settings: BoostingSettings,
    options: FitOptions,
  ): Promise<Model> {
    if (table.weights) throw new LoamError('bad_input', 'Boosting takes no weights. Leave them out, or train a forest.')
    if (!settings.tuning) return growBoosted(table, rows, settings, options)
    const progress = searchProgress(settings, rows?.length ?? table.target.length, options.onProgress)
    const { seed, threads, signal } = options
    const tuning = await tuneBoosting(
      table,
      rows,
      settings,
      { ...options, onProgress: progress.search },
      (tried, own) => growBoosted(table, own, tried, { seed, threads, signal }),
    )
    const chosen = { ...settings, ...tuning.chosen }
    return growBoosted(table, rows, chosen, { ...options, onProgress: progress.fit }, tuning)
  },
}

async function growBoosted(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: BoostingSettings,
  options: FitOptions,
  tuning?: TuningTrace,
): Promise<Model> {
  const columns = rows ? table.columns.map((column) => Float32Array.from(rows, (row) => column[row])) : table.columns
  const target = rows ? Float64Array.from(rows, (row) => table.target[row]) : table.target
  const ranges = columns.map((column, p) => finiteRange(column, table.predictors[p]))
  const { seed, threads, signal, onProgress } = options
  const { learningRate, maxDepth, minChildWeight, l2, rowFraction, columnFraction } = settings
  const common = { learningRate, maxDepth, minChildWeight, l2, rowFraction, columnFraction, seed, threads, signal }

  let rounds = settings.rounds
  let earlyStopping: { rows: number; rmse: number[] } | undefined
  if (settings.earlyStopping) {
    const isHeldOut = heldOut(rows, target.length, options.stoppingRows)
    const { patience } = settings.earlyStopping
    const search = await withLoamErrors(() =>
      trainBoosted(columns, target, isHeldOut, {
        ...common,
        rounds,
        patience,
        onProgress: onProgress && ((share) => onProgress(share / 2)),
      }),
    )
    rounds = sizeOf(search.forest).treeCount
    const rowsHeldOut = isHeldOut.reduce((sum, mark) => sum + mark, 0)
    earlyStopping = { rows: rowsHeldOut, rmse: [...search.validationRmse] }
  }
  const from = earlyStopping ? 0.5 : 0
  const trained = await withLoamErrors(() =>
    trainBoosted(columns, target, null, {
      ...common,
      rounds,
      patience: 0,
      onProgress: onProgress && ((share) => onProgress(from + share * (1 - from))),
    }),
  )
  return forestModel(trained.forest, {
    ...modelHead(table, settings, options),
    rows: target.length,
    ...sizeOf(trained.forest),
    ranges,
    outOfBag: noOutOfBag,
    importance: { impurity: [...trained.gainImportance], permutation: [], permutationSd: [] },
    ...(earlyStopping ? { earlyStopping } : {}),
    ...(tuning ? { tuning } : {}),
  })
}

/** Marks of the rows that early stopping watches. */
function heldOut(rows: Int32Array | null, count: number, stoppingRows: Int32Array | undefined): Uint8Array {
  const watched = new Set(stoppingRows)
  const marks = Uint8Array.from({ length: count }, (_, i) => (watched.has(rows ? rows[i] : i) ? 1 : 0))
  if (!marks.includes(1))
    throw new LoamError(
      'bad_input',
      'Early stopping needs training rows kept apart to see when the error no longer falls; there are none. Leave out earlyStopping.',
    )
  return marks
}
