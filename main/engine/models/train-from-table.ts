import { LoamError } from '../../contract/index.ts'
import type { LearnerSettings } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { fitModel } from './fit-model.ts'
import { writeModelFile } from './model-file.ts'
import type { ModelInfo } from './model.ts'
import { readColumns } from './read-columns.ts'
import { openTable } from './read-table.ts'

export interface TrainFromTableOptions {
  readonly tablePath: string
  readonly target: string
  readonly targetUnit?: string
  /** Column names in the model's order; default all columns but the target. */
  readonly predictors?: readonly string[]
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
  const table = await readTrainingTable(tablePath, target, options.predictors, signal)
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
  const model = await fitModel(table, null, whole, {
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

interface TrainingTable {
  predictors: string[]
  columns: Float32Array[]
  target: Float64Array
  excluded: number
}

async function readTrainingTable(
  path: string,
  target: string,
  wanted: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<TrainingTable> {
  const table = await openTable(path, signal)
  const predictors = [...(wanted ?? table.columns.filter((name) => name !== target))]
  if (predictors.length === 0)
    throw new LoamError('bad_input', `No predictor is left beside the target "${target}". Name at least one column.`)
  if (predictors.includes(target))
    throw new LoamError(
      'bad_input',
      `"${target}" is the target and a predictor at once; a model would only copy it. Leave it out of the predictors.`,
    )
  if (new Set(predictors).size < predictors.length)
    throw new LoamError('bad_input', 'A predictor is named twice. Name each one once.')
  const { columns, excluded } = await readColumns(table, path, [target, ...predictors])
  const [targets, ...values] = columns
  return {
    predictors,
    columns: values.map((column) => Float32Array.from(column)),
    target: targets,
    excluded,
  }
}
