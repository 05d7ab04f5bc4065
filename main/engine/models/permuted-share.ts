import { Random } from '../numeric/index.ts'

/** Rows looked at; more change the shares by less than chance does. */
const mostRows = 2000

/** Per predictor its share of the rise of the mean squared error on training rows when its values are permuted; sum 1, all 0
 *  where no predictor matters. What trees tell by the fall in variance, a model without trees tells so.
 *  Source: Breiman (2001), Random forests, on training instead of out-of-bag rows. */
export async function permutedShare(
  predict: (columns: Float32Array[], n: number) => Promise<Float32Array>,
  columns: readonly Float32Array[],
  target: Float64Array,
  seed: number,
): Promise<number[]> {
  const random = new Random(seed, 7)
  const drawn = random.shuffle(Int32Array.from(target.keys())).slice(0, mostRows)
  const n = drawn.length
  const own = columns.map((column) => Float32Array.from(drawn, (row) => column[row]))
  const squared = async (given: Float32Array[]): Promise<number> => {
    const predicted = await predict(given, n)
    return predicted.reduce((sum, value, i) => sum + (value - target[drawn[i]]) ** 2, 0) / n
  }
  const before = await squared(own)
  const order = random.shuffle(Int32Array.from({ length: n }, (_, i) => i))
  const rises: number[] = []
  for (let p = 0; p < own.length; p++) {
    const changed = [...own]
    changed[p] = Float32Array.from(order, (row) => own[p][row])
    rises.push(Math.max(0, (await squared(changed)) - before))
  }
  const sum = rises.reduce((total, rise) => total + rise, 0)
  return rises.map((rise) => (sum > 0 ? rise / sum : 0))
}
