import { LoamError } from '../../contract/index.ts'
import type { LearnerSettings } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { Random } from '../numeric/index.ts'
import { fitModel, isTuned, stopsEarly } from './fit-model.ts'
import { writeModelFile } from './model-file.ts'
import type { ModelInfo, TrainingRows } from './model.ts'
import { readColumns } from './read-columns.ts'
import { openTable } from './read-table.ts'

export interface TrainFromTableOptions {
  readonly tablePath: string
  readonly target: string
  readonly targetUnit?: string
  /** Column names in the model's order; default all columns but the target and those below. */
  readonly predictors?: readonly string[]
  /** Column that says how much each row counts, >= 0; a forest's only. */
  readonly weights?: string
  /** Column whose values part the rows into groups, as stations or days. For early stopping, which watches a fifth of the groups,
   *  and for tuning, which holds them out in folds: rows drawn at random would resemble those learned from, and the error on them
   *  would fall for ever. */
  readonly groups?: string
  /** In a forest without `predictorsPerSplit` every predictor is tried at every split, as scikit-learn does. */
  readonly settings: LearnerSettings
  readonly seed: number
  readonly threads: number
  /** Where the model file goes. */
  readonly out: string
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

export interface TrainedFromTable {
  readonly info: ModelInfo
  /** Rows trained on. */
  readonly rows: number
  /** Rows left out because the target or a predictor has no value. */
  readonly excluded: number
}

/** Trains a model on a CSV table and writes its model file. Rows with a missing value are left out and counted.
 *  @throws not_found, bad_table, missing_predictor, too_few_rows, bad_input, disk_full, cancelled */
export async function trainFromTable(options: TrainFromTableOptions): Promise<TrainedFromTable> {
  const { tablePath, target, settings, seed, threads, signal, onProgress } = options
  await requireOutputPlace(options.out, [tablePath])
  const table = await readTrainingTable(options)
  if (table.target.length < 2)
    throw new LoamError(
      'too_few_rows',
      `${tablePath} has ${table.target.length} complete rows (${table.excluded} lack a value); training needs at least 2.`,
      { file: tablePath, rows: table.target.length, excluded: table.excluded },
    )
  const whole: LearnerSettings =
    settings.type === 'forest'
      ? { ...settings, predictorsPerSplit: settings.predictorsPerSplit ?? table.predictors.length }
      : settings
  const watched = {
    ...(stopsEarly(settings) ? { stoppingRows: groupsHeldOut(table.groups, seed) } : {}),
    ...(isTuned(settings) ? { tuningFolds: foldsOfGroups(table.groups, seed) } : {}),
  }
  const model = await fitModel(table, null, whole, {
    ...watched,
    seed,
    threads,
    signal,
    onProgress,
    permutationImportance: true,
    target: { name: target, unit: options.targetUnit ?? '' },
  })
  await writeModelFile(options.out, model)
  return { info: model.info, rows: table.target.length, excluded: table.excluded }
}

interface TrainingTable extends TrainingRows {
  readonly groups: readonly string[]
  readonly excluded: number
}

async function readTrainingTable(options: TrainFromTableOptions): Promise<TrainingTable> {
  const { tablePath: path, target, weights, groups, signal } = options
  const table = await openTable(path, signal)
  const others = [target, weights, groups]
  const predictors = [...(options.predictors ?? table.columns.filter((name) => !others.includes(name)))]
  if (predictors.length === 0)
    throw new LoamError('bad_input', `No predictor is left beside the target "${target}". Name at least one column.`)
  if (predictors.includes(target))
    throw new LoamError(
      'bad_input',
      `"${target}" is the target and a predictor at once; a model would only copy it. Leave it out of the predictors.`,
    )
  if (new Set(predictors).size < predictors.length)
    throw new LoamError('bad_input', 'A predictor is named twice. Name each one once.')
  const names = [target, ...(weights === undefined ? [] : [weights]), ...predictors]
  const { columns, words, excluded } = await readColumns(table, path, names, groups === undefined ? [] : [groups])
  const values = columns.slice(-predictors.length)
  return {
    predictors,
    columns: values.map((column) => Float32Array.from(column)),
    target: columns[0],
    ...(weights === undefined ? {} : { weights: columns[1] }),
    groups: words[0] ?? [],
    excluded,
  }
}

/** Rows of a fifth of the groups, drawn by the seed.
 *  @throws bad_input with fewer than two groups */
function groupsHeldOut(groups: readonly string[], seed: number): Int32Array {
  const distinct = shuffledGroups(groups, seed, 'Early stopping watches the error on a fifth of the groups of rows')
  const held = new Set(distinct.slice(0, Math.ceil(distinct.length / 5)))
  return Int32Array.from(groups.flatMap((group, row) => (held.has(group) ? [row] : [])))
}

/** Fold of each row, with whole groups in one of five folds, drawn by the seed.
 *  @throws bad_input with fewer than two groups */
function foldsOfGroups(groups: readonly string[], seed: number): Int32Array {
  const distinct = shuffledGroups(groups, seed, 'Tuning holds out groups of rows')
  const foldOf = new Map(distinct.map((group, i) => [group, i % 5]))
  return Int32Array.from(groups, (group) => foldOf.get(group)!)
}

function shuffledGroups(groups: readonly string[], seed: number, why: string): string[] {
  const distinct = [...new Set(groups)].sort()
  if (distinct.length < 2)
    throw new LoamError(
      'bad_input',
      `${why}, as stations or days; there ${distinct.length === 1 ? 'is only one' : 'are none'}. Name a column that parts the rows into two groups or more.`,
    )
  const random = new Random(seed)
  for (let i = distinct.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1))
    ;[distinct[i], distinct[j]] = [distinct[j], distinct[i]]
  }
  return distinct
}
