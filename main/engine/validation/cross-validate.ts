import type { Folds, SampleTable } from '../samples/index.ts'

/** Predicts `n` rows from their predictors: Float32Array[n] each, in the table's order. */
export type Predict = (columns: Float32Array[], n: number) => Promise<Float32Array>

export interface CrossValidation {
  readonly table: SampleTable
  readonly folds: Folds
  /** Trains on these rows and no others. */
  readonly fit: (trainRows: Int32Array, fold: number) => Promise<Predict>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Predicts each row by a model that was trained without the row's fold.
 *  @returns Float32Array[rows]; NaN for rows that no fold tests (`place_and_time`)
 *  @throws what `fit` and `predict` throw, `cancelled` after `signal` */
export async function crossValidate({ table, folds, fit, signal, onProgress }: CrossValidation): Promise<Float32Array> {
  const predicted = new Float32Array(table.target.length).fill(NaN)
  for (let fold = 0; fold < folds.count; fold++) {
    signal?.throwIfAborted()
    const test = folds.test(fold)
    if (test.length > 0) {
      const predict = await fit(folds.train(fold), fold)
      const columns = table.columns.map((column) => Float32Array.from(test, (row) => column[row]))
      const values = await predict(columns, test.length)
      for (let i = 0; i < test.length; i++) predicted[test[i]] = values[i]
    }
    onProgress?.(fold + 1, folds.count)
  }
  return predicted
}
