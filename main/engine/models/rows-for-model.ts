import type { Model } from './model.ts'
import { readColumns } from './read-columns.ts'
import { openTable } from './read-table.ts'

/** The predictors of a model from a table, whole rows only, in the model's order.
 *  @throws not_found, bad_table, missing_predictor, cancelled */
export async function rowsForModel(
  model: Model,
  tablePath: string,
  signal?: AbortSignal,
): Promise<{ columns: Float32Array[]; excluded: number }> {
  const table = await openTable(tablePath, signal)
  const { columns, excluded } = await readColumns(table, tablePath, model.predictors)
  return { columns: columns.map((column) => Float32Array.from(column)), excluded }
}
