import { LoamError } from '../../contract/index.ts'
import type { MlpSettings } from '../../contract/index.ts'
import { describedEquation, modelHead } from './model-head.ts'
import type { FitOptions, Learner, Model, ModelInfo, TrainingRows } from './model.ts'
import { outputsOf, weightCount } from './network.ts'
import { numberModel } from './number-model.ts'
import { ownRows } from './own-rows.ts'
import { scalesOf, standardised } from './standardise.ts'
import { trainNetwork } from './train-network.ts'

/** Cells whose units are computed together. */
const blockCells = 1024
/** Cells after which a request to stop is heard. */
const breathCells = 64 * blockCells

/** Multilayer perceptron: hidden layers of rectified units and a linear output, on standardised predictors and target. With stopping it
 *  is trained twice: without `options.stoppingRows` to find the number of epochs, and then for so many from all rows.
 *  Source: Goodfellow, Bengio & Courville (2016), Deep Learning, ch. 6–8. */
export const mlp: Learner<MlpSettings> = {
  async fit(table: TrainingRows, rows: Int32Array | null, settings: MlpSettings, options: FitOptions): Promise<Model> {
    const { seed, signal, onProgress } = options
    const own = ownRows(table, rows, { learner: 'neural network', seed, most: settings.mostRows })
    const scales = scalesOf(own.columns, own.target)
    const columns = standardised(own.columns, scales)
    const goal = own.target.map((value) =>
      scales.targetScale > 0 ? (value - scales.targetMean) / scales.targetScale : 0,
    )
    const every = Int32Array.from(goal.keys())

    let { epochs } = settings
    let earlyStopping: ModelInfo['earlyStopping']
    const from = settings.stopping ? 0.5 : 0
    if (settings.stopping) {
      const isWatched = watchedMarks(own.rows, options.stoppingRows)
      const { rmse } = await trainNetwork(
        columns,
        goal,
        every.filter((i) => isWatched[i] === 0),
        settings,
        {
          seed,
          epochs,
          signal,
          onEpoch: onProgress && ((epoch) => onProgress((0.5 * epoch) / settings.epochs)),
          watched: { rows: every.filter((i) => isWatched[i] === 1), patience: settings.stopping.patience },
        },
      )
      epochs = rmse.indexOf(Math.min(...rmse)) + 1
      const watchedRows = isWatched.reduce((sum, mark) => sum + mark, 0)
      earlyStopping = { rows: watchedRows, rmse: rmse.map((value) => value * scales.targetScale) }
    }
    const { network } = await trainNetwork(columns, goal, every, settings, {
      seed,
      epochs,
      signal,
      onEpoch: onProgress && ((epoch) => onProgress(from + ((1 - from) * epoch) / epochs)),
    })
    const { means, scales: spreads, targetMean, targetScale } = scales
    const arrays = [
      Float64Array.of(targetMean, targetScale),
      means,
      spreads,
      Float64Array.from(network.sizes),
      network.weights,
    ]
    const head = modelHead(table, { ...settings, epochs }, options)
    return describedEquation(mlpModel, arrays, own, head, options, earlyStopping ? { earlyStopping } : {})
  },
}

/** @param arrays mean and scale of the target; means and scales of the predictors; units of each layer; weights as in Network */
export function mlpModel(info: ModelInfo, arrays: readonly Float64Array[]): Model {
  const [[targetMean, targetScale], means, scales, sizes, weights] = arrays
  const network = { sizes: [...sizes], weights }
  const block = Array.from(means, () => new Float64Array(blockCells))
  return numberModel(info, arrays, async (columns, results, _threads, { signal }) => {
    for (let first = 0; first < results.length; first += blockCells) {
      if (first % breathCells === 0 && first > 0) {
        await new Promise(setImmediate)
        if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
      }
      const count = Math.min(blockCells, results.length - first)
      const missing = new Uint8Array(count)
      for (const [p, column] of columns.entries()) {
        const own = block[p]
        const [mean, scale] = [means[p], scales[p]]
        for (let c = 0; c < count; c++) {
          const value = column[first + c]
          if (!Number.isFinite(value)) missing[c] = 1
          own[c] = scale > 0 ? (value - mean) / scale : 0
        }
      }
      const outputs = outputsOf(network, block, count)
      for (let c = 0; c < count; c++)
        results[first + c] = missing[c] === 1 ? Number.NaN : outputs[c] * targetScale + targetMean
    }
  })
}

/** Whether the arrays of a network have the lengths they should. */
export function mlpFits(info: ModelInfo, arrays: readonly Float64Array[]): boolean {
  const predictors = info.predictors.length
  if (arrays.length !== 5) return false
  const sizes = [...arrays[3]]
  const areSizes = sizes.length >= 2 && sizes.every((units) => Number.isInteger(units) && units >= 1 && units <= 65_536)
  return (
    areSizes &&
    sizes[0] === predictors &&
    sizes.at(-1) === 1 &&
    [2, predictors, predictors, sizes.length, weightCount(sizes)].every((length, i) => arrays[i].length === length)
  )
}

/** Marks of the rows that stopping watches. */
function watchedMarks(rows: Int32Array, stoppingRows: Int32Array | undefined): Uint8Array {
  const watched = new Set(stoppingRows)
  const marks = Uint8Array.from(rows, (row) => (watched.has(row) ? 1 : 0))
  if (!marks.includes(1) || !marks.includes(0))
    throw new LoamError(
      'bad_input',
      'Stopping needs training rows kept apart to see when the error no longer falls, and others to learn from. Leave out stopping.',
    )
  return marks
}
