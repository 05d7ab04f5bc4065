import { canonicalJson } from '../files/index.ts'
import { givenColumns } from './given-columns.ts'
import type { Model, ModelInfo, PredictOptions } from './model.ts'
import { encodeNumbers } from './number-file.ts'

/** A model that is an equation: some arrays of numbers and how to predict with them.
 *  @param predictInto fills the results of n cells; NaN where a predictor is NaN */
export function numberModel(
  info: ModelInfo,
  arrays: readonly Float64Array[],
  predictInto: (
    columns: Float32Array[],
    results: Float32Array,
    threads: number,
    options: PredictOptions,
  ) => Promise<void> | void,
): Model {
  const predict: Model['predict'] = async (columns, n, threads, options = {}) => {
    const results = new Float32Array(n)
    await predictInto(givenColumns(info, columns, n), results, threads, options)
    return results
  }
  return {
    type: info.type,
    predictors: info.predictors,
    info,
    predict,
    predictDays: async (days, n, threads, options) => {
      const all: Float32Array[] = []
      for (const columns of days) all.push(await predict(columns, n, threads, options))
      return all
    },
    predictIntervals: null,
    parts: null,
    encode: () => encodeNumbers(canonicalJson(JSON.parse(JSON.stringify(info))), arrays),
  }
}
