import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, Day, GridWindow } from '../../contract/index.ts'
import { stackReader } from '../fields/index.ts'
import type { Field, ReadOptions } from '../fields/index.ts'
import type { Model } from '../models/index.ts'

/** What a model says of a window, and how sure it is. The block is that of `modelField`, to the last bit.
 *  @returns layers: one Float32Array per quantile, then the standard deviation; NaN where the block has no value
 *  @throws bad_input when the model keeps no leaf samples */
export async function readIntervals(
  source: { readonly model: Model; readonly predictors: readonly Field[]; readonly threads: number },
  window: GridWindow,
  day: Day,
  quantiles: readonly number[],
  read?: ReadOptions,
): Promise<{ block: Block; layers: Float32Array[] }> {
  const { columns, reasons } = await stackReader([...source.predictors])(window, day, read)
  const { rows, cols } = window
  const found = await predictWithIntervals(source.model, columns, rows * cols, source.threads, quantiles, {
    rowLength: cols,
    signal: read?.signal,
  })
  const layers = [...found.quantiles, found.sd]
  for (let i = 0; i < found.mean.length; i++) {
    if (reasons[i] !== reasonCodes.none) {
      found.mean[i] = Number.NaN
      for (const layer of layers) layer[i] = Number.NaN
    } else if (Number.isNaN(found.mean[i])) reasons[i] = reasonCodes.not_finite
  }
  return { block: { rows, cols, values: found.mean, reasons }, layers }
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
