import { expect, it } from 'vitest'
import { ForestSettings } from '../../../main/contract/index.ts'
import { decodeModel, fitModel } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

const settings = ForestSettings.parse({ type: 'forest', treeCount: 60, minLeafSize: 8, intervals: true })

/** Target with normal noise whose deviation is the second predictor. */
function noisy(rows: number, seed: number): { predictors: string[]; columns: Float32Array[]; target: Float64Array } {
  const random = new Random(seed)
  const columns = [0, 1].map(() => Float32Array.from({ length: rows }, () => random.uniform()))
  const target = Float64Array.from({ length: rows }, (_, i) => columns[0][i] + columns[1][i] * random.normal())
  return { predictors: ['mean', 'sd'], columns, target }
}

it('a forest with intervals tells the distribution, on any number of threads and from its file', async () => {
  const table = noisy(6000, 1)
  const model = await fitModel(table, null, settings, { seed: 3, threads: 2 })
  const fresh = noisy(3000, 2)
  const quantiles = [0.1, 0.5, 0.9]
  const found = await model.predictIntervals!(fresh.columns, 3000, 2, quantiles)
  const back = decodeModel(model.encode())
  expect(await back.predictIntervals!(fresh.columns, 3000, 1, quantiles, { rowLength: 50 })).toEqual(found)
  expect(found.mean).toEqual(await model.predict(fresh.columns, 3000, 1))

  const below = quantiles.map((_, k) => fresh.target.filter((value, i) => value <= found.quantiles[k][i]).length / 3000)
  quantiles.forEach((quantile, k) => expect(Math.abs(below[k] - quantile)).toBeLessThan(0.03))
  // The spread follows the one the data was made with.
  let closeness = 0
  for (let i = 0; i < 3000; i++) closeness += Math.abs(found.sd[i] - fresh.columns[1][i]) / 3000
  expect(closeness).toBeLessThan(0.12)
})

it('a forest without leaf samples has no intervals, and the same trees', async () => {
  const table = noisy(500, 4)
  const { intervals: _, ...plain } = settings
  const without = await fitModel(table, null, plain, { seed: 3, threads: 2 })
  const withThem = await fitModel(table, null, settings, { seed: 3, threads: 2 })
  expect(without.predictIntervals).toBeNull()
  expect(await without.predict(table.columns, 500, 1)).toEqual(await withThem.predict(table.columns, 500, 1))
})

it('leaves that keep all rows give the quantiles of those rows, to the last one', async () => {
  const table = noisy(300, 5)
  // One tree of each row once: the cells of a leaf are those with one mean, and its rows are the training rows with it.
  const one = { treeCount: 1, maxDepth: 3, minLeafSize: 5, sampleFraction: 0.9999, predictorsPerSplit: 2 }
  const exact = ForestSettings.parse({ ...settings, ...one, leafSamples: 'all' })
  const model = await fitModel(table, null, exact, { seed: 3, threads: 2 })
  const asked = [0.05, 0.5, 0.93]
  const { mean, quantiles } = await decodeModel(model.encode()).predictIntervals!(table.columns, 300, 2, asked)
  for (let i = 0; i < 300; i++) {
    const leaf = table.target.filter((_, row) => mean[row] === mean[i]).sort((a, b) => a - b)
    asked.forEach((q, k) => expect(quantiles[k][i]).toBe(Math.fround(leaf[Math.ceil(q * leaf.length - 1e-9) - 1])))
  }
  const sampled = ForestSettings.parse({ ...settings, ...one, leafSamples: 2 })
  const few = await fitModel(table, null, sampled, { seed: 3, threads: 2 })
  expect(few.encode().length).toBeLessThan(model.encode().length)
  expect((await few.predictIntervals!(table.columns, 300, 2, asked)).quantiles).not.toEqual(quantiles)
})
