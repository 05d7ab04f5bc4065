import { reasonCodes } from '../../contract/index.ts'
import type { Block, Day, Grid, GridWindow } from '../../contract/index.ts'
import { stackReader } from '../fields/index.ts'
import type { Field, ReadOptions } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { modelWords } from '../models/index.ts'
import type { Model } from '../models/index.ts'

/** What a trained model says, as a field: it can be drawn, sampled, resampled and mapped like any other. A cell has a
 *  value only where every predictor has one; otherwise it carries the reason of the first predictor that has none.
 *  @param modelKey identity of the trained model
 *  @param threads forest threads per read; the numbers do not depend on it */
export function modelField(options: {
  readonly name: string
  readonly unit: string
  readonly model: Model
  readonly modelKey: string
  readonly predictors: readonly Field[]
  readonly grid: Grid
  readonly threads: number
}): Field {
  const { model, modelKey, predictors, threads } = options
  const stack = stackReader([...predictors])
  const identity = (ids: readonly string[]): string => hashJson({ form: 'model/1', modelKey, predictors: ids })
  return {
    id: identity(predictors.map((field) => field.id)),
    idOn: (day: Day) => identity(predictors.map((field) => field.idOn(day))),
    name: options.name,
    unit: options.unit,
    kind: 'continuous',
    times: predictors.every((field) => field.times === 'static') ? 'static' : 'any',
    nativeGrid: options.grid,
    lineage: `${options.name} predicted by a ${modelWords[model.type]} from ${predictors.map((field) => field.name).join(', ')}`,
    async read(window: GridWindow, day: Day, read?: ReadOptions): Promise<Block> {
      const { columns, reasons } = await stack(window, day, read)
      const values = await model.predict(columns, window.rows * window.cols, threads, {
        rowLength: window.cols,
        signal: read?.signal,
      })
      for (let i = 0; i < values.length; i++) {
        if (reasons[i] !== reasonCodes.none) values[i] = Number.NaN
        else if (Number.isNaN(values[i])) reasons[i] = reasonCodes.not_finite
      }
      return { rows: window.rows, cols: window.cols, values, reasons }
    },
  }
}
