import { LoamError } from '../../contract/index.ts'
import type { MlpSettings } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { backward, drawNetwork, forward, scratchOf } from './network.ts'
import type { Network } from './network.ts'

interface TrainNetworkOptions {
  readonly seed: number
  readonly epochs: number
  readonly signal?: AbortSignal
  readonly onEpoch?: (epoch: number) => void
  /** Rows whose error is told after each epoch, and after how many epochs without a lower one training ends. */
  readonly watched?: { readonly rows: Int32Array; readonly patience: number }
}

export interface TrainedNetwork {
  readonly network: Network
  /** Root mean square error on the watched rows after each epoch, in the unit of the target given. */
  readonly rmse: number[]
}

// Decay of the means of Adam, as its authors give them.
const slopeDecay = 0.9
const squareDecay = 0.999
const tiny = 1e-8

/** Least squares by stochastic gradient descent with Adam (Kingma & Ba 2015) over shuffled batches. Every number comes from the seed by
 *  arithmetic and square roots alone, so it is the same on every machine.
 *  @param columns standardised predictors; target standardised
 *  @param rows rows learned from
 *  @throws cancelled; bad_input when the weights grow without bound */
export async function trainNetwork(
  columns: readonly Float64Array[],
  target: Float64Array,
  rows: Int32Array,
  { hiddenLayers, learningRate, batchRows, penalty }: MlpSettings,
  { seed, epochs, signal, onEpoch, watched }: TrainNetworkOptions,
): Promise<TrainedNetwork> {
  const random = new Random(seed, 17)
  const network = drawNetwork([columns.length, ...hiddenLayers, 1], random)
  const { weights } = network
  const scratch = scratchOf(network)
  const isShrunk = shrunkWeights(network)
  const [gradient, slopes, squares] = [0, 1, 2].map(() => new Float64Array(weights.length))
  const order = Int32Array.from(rows)
  const rmse: number[] = []
  let [slopeLeft, squareLeft] = [1, 1]
  let bestAt = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order)
    for (let from = 0; from < order.length; from += batchRows) {
      const to = Math.min(order.length, from + batchRows)
      gradient.fill(0)
      for (let k = from; k < to; k++) {
        load(scratch.values[0], columns, order[k])
        forward(network, scratch)
        backward(network, scratch, target[order[k]], gradient)
      }
      slopeLeft *= slopeDecay
      squareLeft *= squareDecay
      for (let w = 0; w < weights.length; w++) {
        const slope = gradient[w] / (to - from) + (isShrunk[w] === 1 ? penalty * weights[w] : 0)
        slopes[w] = slopeDecay * slopes[w] + (1 - slopeDecay) * slope
        squares[w] = squareDecay * squares[w] + (1 - squareDecay) * slope * slope
        weights[w] -= (learningRate * (slopes[w] / (1 - slopeLeft))) / (Math.sqrt(squares[w] / (1 - squareLeft)) + tiny)
      }
    }
    if (watched) {
      let sum = 0
      for (const row of watched.rows) {
        load(scratch.values[0], columns, row)
        sum += (forward(network, scratch) - target[row]) ** 2
      }
      rmse.push(Math.sqrt(sum / watched.rows.length))
      if (rmse[epoch] < rmse[bestAt]) bestAt = epoch
      if (epoch - bestAt >= watched.patience) break
    }
    onEpoch?.(epoch + 1)
    // Lets a request to stop come in.
    await new Promise(setImmediate)
    if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
  }
  if (!weights.every(Number.isFinite))
    throw new LoamError(
      'bad_input',
      'The network has not settled: its weights grew without bound. Lower its learning rate.',
    )
  return { network, rmse }
}

function load(into: Float64Array, columns: readonly Float64Array[], row: number): void {
  for (let p = 0; p < into.length; p++) into[p] = columns[p][row]
}

/** Marks of the weights that the penalty shrinks: all but the units' offsets. */
function shrunkWeights({ sizes, weights }: Network): Uint8Array {
  const marks = new Uint8Array(weights.length)
  let at = 0
  for (let l = 1; l < sizes.length; l++) {
    marks.fill(1, at, at + sizes[l] * sizes[l - 1])
    at += sizes[l] * (sizes[l - 1] + 1)
  }
  return marks
}
