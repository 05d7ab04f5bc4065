import { Random } from '../numeric/index.ts'

/** Rise of the mean squared error on held-out rows when one predictor's values are drawn anew, one number per predictor, target
 *  units squared. A row gets the values of rows drawn from the whole table, not from the held-out ones: where one station is
 *  held out, its soil is the same in all its rows, and shuffling them would change nothing.
 *  @param columns one array per predictor, all rows of the table
 *  @param test rows held out
 *  @param predicted of the test rows
 *  @returns nothing without test rows
 *  @param repeats drawings, whose rises are averaged
 *  Source: Breiman (2001), Random forests, on held-out instead of out-of-bag rows; Fisher, Rudin & Dominici (2019). */
export async function heldOutImportance(
  columns: readonly Float32Array[],
  target: Float64Array,
  test: Int32Array,
  predicted: Float32Array,
  predict: (columns: Float32Array[]) => Promise<Float32Array>,
  options: { readonly seed: number; readonly repeats: number },
): Promise<number[]> {
  if (test.length === 0) return []
  const own = columns.map((column) => Float32Array.from(test, (row) => column[row]))
  const squared = (values: Float32Array): number =>
    values.reduce((sum, value, i) => sum + (value - target[test[i]]) ** 2, 0) / test.length
  const before = squared(predicted)
  const random = new Random(options.seed)
  const rises = columns.map(() => 0)
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    // One drawing for all predictors, so that they are compared on the same rows.
    const drawn = Int32Array.from(test, () => Math.floor(random.uniform() * target.length))
    for (const [p, column] of columns.entries()) {
      const changed = [...own]
      changed[p] = Float32Array.from(drawn, (row) => column[row])
      rises[p] += (squared(await predict(changed)) - before) / options.repeats
    }
  }
  return rises
}
