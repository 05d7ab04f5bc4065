import { describe, expect, test } from 'vitest'
import { Random } from '../../../main/engine/numeric/index.ts'
import { makeFolds } from '../../../main/engine/samples/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'
import { areaOfApplicability, dissimilarity } from '../../../main/engine/validation/index.ts'

const random = new Random(3)
const n = 300
const columns = [1, 10, 0.1].map((scale) => Float32Array.from({ length: n }, () => scale * random.normal()))
const importance = [0.6, 0.3, 0.1]
const table: SampleTable = {
  predictors: ['a', 'b', 'c'],
  columns,
  target: new Float64Array(n),
  place: Int32Array.from({ length: n }, (_, i) => i % 30),
  places: Array.from({ length: 30 }, (_, i) => `s${i}`),
  day: Int32Array.from({ length: n }, (_, i) => i),
  x: new Float64Array(n),
  y: new Float64Array(n),
  excluded: {},
}
const split = { by: 'place' as const, folds: 5, leaveOneOut: false, timeBlock: 'month' as const }
const folds = makeFolds(table, split, 1)

/** Meyer & Pebesma (2021), section 2.2, by their words. */
function plain() {
  const stats = columns.map((column) => {
    const mean = column.reduce((a, b) => a + b, 0) / n
    return { mean, sd: Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1)) }
  })
  const scaled = (values: number[]) => values.map((v, p) => ((v - stats[p].mean) / stats[p].sd) * importance[p])
  const rows = Array.from({ length: n }, (_, i) => scaled(columns.map((column) => column[i])))
  const distance = (a: number[], b: number[]) => Math.sqrt(a.reduce((sum, v, p) => sum + (v - b[p]) ** 2, 0))
  let [sum, pairs] = [0, 0]
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) [sum, pairs] = [sum + distance(rows[i], rows[j]), pairs + 1]
  const mean = sum / pairs
  const training = rows.map(
    (row, i) =>
      Math.min(...rows.filter((_, j) => folds.fold[j] !== folds.fold[i]).map((other) => distance(row, other))) / mean,
  )
  return {
    mean,
    training,
    index: (values: number[]) => Math.min(...rows.map((row) => distance(scaled(values), row))) / mean,
  }
}

const floats = (values: number[][]): Float32Array[] => values.map((column) => Float32Array.from(column))

describe('area of applicability', async () => {
  const area = (await areaOfApplicability({ columns, importance, folds, threads: 2 }))!
  const expected = plain()

  test('index and mean distance are those of the definition, with any number of threads', async () => {
    expect(area.meanDistance).toBeCloseTo(expected.mean, 9)
    const cells = [1, 12, 0.3].map((scale) => Float32Array.from({ length: 9000 }, () => 2 * scale * random.normal()))
    const index = await dissimilarity(area, cells, { threads: 1 })
    for (let i = 0; i < 200; i++) expect(index[i]).toBeCloseTo(expected.index(cells.map((column) => column[i])), 5)
    expect(await dissimilarity(area, cells, { threads: 4 })).toEqual(index)
    expect((await dissimilarity(area, columns, { threads: 1 })).every((value) => value < 1e-6)).toBe(true)
    expect((await dissimilarity(area, floats([[Number.NaN], [0], [0]]), { threads: 1 }))[0]).toBeNaN()
  })

  test('the threshold is the upper whisker of the distances between folds', () => {
    // R's boxplot.stats: hinges are medians of the halves of the sorted values.
    const sorted = [...expected.training].sort((a, b) => a - b)
    const median = (all: number[]) => (all[Math.ceil(all.length / 2) - 1] + all[Math.floor(all.length / 2)]) / 2
    const [lower, upper] = [median(sorted.slice(0, n / 2)), median(sorted.slice(n / 2))]
    const whisker = Math.max(...sorted.filter((value) => value <= upper + 1.5 * (upper - lower)))
    // Indices are float32.
    expect(area.threshold).toBeCloseTo(whisker, 6)
    expect(area.threshold).toBeLessThan(sorted.at(-1)!)
  })

  test('predictors that do not vary or do not matter change nothing; none that counts is no area', async () => {
    const constant = new Float32Array(n).fill(4)
    const wider = (await areaOfApplicability({
      columns: [...columns, constant],
      importance: [...importance, 5],
      folds,
    }))!
    expect(wider.threshold).toBe(area.threshold)
    expect(await dissimilarity(wider, floats([[0.5], [3], [0], [99]]), { threads: 1 })).toEqual(
      await dissimilarity(area, floats([[0.5], [3], [0]]), { threads: 1 }),
    )
    expect(await areaOfApplicability({ columns: [constant], importance: [1], folds })).toBeNull()
    const alike = (await areaOfApplicability({ columns, importance: [0, 0, 0], folds }))!
    const ones = (await areaOfApplicability({ columns, importance: [1, 1, 1], folds }))!
    expect(alike.threshold).toBeCloseTo(ones.threshold, 12)
  })
})
