import { LoamError } from '../../contract/index.ts'
import type { ModelInfo } from './model.ts'

/** Columns in the order the model takes them, once their number and lengths are right. */
export function givenColumns(info: ModelInfo, columns: Float32Array[], n: number): Float32Array[] {
  if (columns.length !== info.predictors.length || columns.some((column) => column.length !== n))
    throw new LoamError(
      'internal',
      `A model of ${info.predictors.length} predictors got ${columns.length} columns of ${columns.map((column) => column.length).join(', ')} values, not of ${n}.`,
    )
  return info.columns ? info.columns.map((predictor) => columns[predictor]) : columns
}
