import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, Day, GridWindow } from '../../contract/index.ts'
import { stackReader } from '../fields/index.ts'
import type { Field, ReadOptions } from '../fields/index.ts'
import type { Model } from '../models/index.ts'

/** What a model says of a window, and how sure it is. The block is that of `modelField`, to the last bit.
 *  @param quantiles none: no interval, and the model needs none
 *  @returns layers: one Float32Array per quantile, then the standard deviation, then what `source.index` finds; NaN where the block
 *  has no value
 *  @throws bad_input when the model keeps no leaf samples */
export async function readIntervals(
  source: {
    readonly model: Model
    readonly predictors: readonly Field[]
    readonly threads: number
    /** A further layer, made of the predictors. */
    readonly index?: (columns: readonly Float32Array[]) => Promise<Float32Array>
  },
  window: GridWindow,
  day: Day,
  quantiles: readonly number[],
  read?: ReadOptions,
): Promise<{ block: Block; layers: Float32Array[] }> {
  const { columns, reasons } = await stackReader([...source.predictors])(window, day, read)
  const { rows, cols } = window
  const { model, threads } = source
  const options = { rowLength: cols, signal: read?.signal }
  const layers: Float32Array[] = []
  let mean: Float32Array
  if (quantiles.length > 0) {
    const found = await predictWithIntervals(model, columns, rows * cols, threads, quantiles, options)
    mean = found.mean
    layers.push(...found.quantiles, found.sd)
  } else mean = await model.predict(columns, rows * cols, threads, options)
  if (source.index) layers.push(await source.index(columns))
  for (let i = 0; i < mean.length; i++) {
    if (reasons[i] === reasonCodes.none && Number.isNaN(mean[i])) reasons[i] = reasonCodes.not_finite
    if (reasons[i] === reasonCodes.none) continue
    mean[i] = Number.NaN
    for (const layer of layers) layer[i] = Number.NaN
  }
  return { block: { rows, cols, values: mean, reasons }, layers }
}

/** `Model.predictIntervals`, or a reason why not. */
export function predictWithIntervals(
  model: Model,
  ...args: Parameters<NonNullable<Model['predictIntervals']>>
): ReturnType<NonNullable<Model['predictIntervals']>> {
  if (model.predictIntervals) return model.predictIntervals(...args)
  throw new LoamError(
    'bad_input',
    'The model has no intervals: it keeps no leaf samples. Train a forest with `--intervals` (in a recipe: learner.intervals true).',
  )
}
