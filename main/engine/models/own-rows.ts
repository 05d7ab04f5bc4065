import { LoamError } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { finiteRange } from './forest.ts'
import type { TrainingRows } from './model.ts'

export interface OwnRows {
  readonly columns: Float32Array[]
  readonly target: Float64Array
  /** Row of the table that each is. */
  readonly rows: Int32Array
  readonly ranges: [number, number][]
}

/** The rows that a learner without trees learns from: those asked for, and of them at most so many, drawn with the seed, in order.
 *  @throws bad_input with weights or fewer than two rows, bad_table for a missing value */
export function ownRows(
  table: TrainingRows,
  rows: Int32Array | null,
  { learner, seed, most = Infinity }: { readonly learner: string; readonly seed: number; readonly most?: number },
): OwnRows {
  if (table.weights)
    throw new LoamError('bad_input', `A ${learner} takes no weights. Leave them out, or train a forest.`)
  const all = rows ?? Int32Array.from(table.target.keys())
  if (all.length < 2)
    throw new LoamError('too_few_rows', `There are ${all.length} rows to learn from; training needs at least 2.`)
  const own = all.length <= most ? all : new Random(seed, 11).shuffle(Int32Array.from(all)).slice(0, most).sort()
  const columns = table.columns.map((column) => Float32Array.from(own, (row) => column[row]))
  return {
    columns,
    target: Float64Array.from(own, (row) => table.target[row]),
    rows: own,
    ranges: columns.map((column, p) => finiteRange(column, table.predictors[p])),
  }
}
