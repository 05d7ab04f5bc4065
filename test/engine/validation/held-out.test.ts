import { expect, it } from 'vitest'
import { Random } from '../../../main/engine/numeric/index.ts'
import { coverageSentence, heldOutImportance, intervalCoverage } from '../../../main/engine/validation/index.ts'

it('coverage counts values inside, below and above, ends included, and leaves out what is missing', () => {
  const coverage = intervalCoverage([0, 0, 0, NaN, 0], [1, 1, 1, 1, 2], [0, 1.5, -1, 0.5, 2], [0.05, 0.95])!
  expect(coverage).toMatchObject({ n: 4, inside: 0.5, below: 0.25, above: 0.25, meanWidth: 1.25 })
  expect(coverageSentence(coverage, 'm3 m-3')).toBe(
    '50.0 % of 4 held-out values lie in the interval from the 5 to the 95 % quantile (90.0 % asked for; 25.0 % below, 25.0 % above); mean width 1.25 m3 m-3.',
  )
  expect(intervalCoverage([NaN], [1], [0], [0.05, 0.95])).toBeNull()
})

it('importance is twice the variance of what a predictor adds, and 0 for one that adds nothing', async () => {
  // Of y = 3a + b, drawing a anew raises the mean squared error by 2 · 9 · var(a).
  const n = 20_000
  const random = new Random(1)
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: n }, () => random.uniform()))
  const truth = ([a, b]: Float32Array[]): Float32Array => a.map((value, i) => 3 * value + b[i])
  const target = Float64Array.from(truth(columns))
  const test = Int32Array.from({ length: n / 2 }, (_, i) => 2 * i)
  const predicted = Float32Array.from(test, (row) => target[row])
  const rises = await heldOutImportance(columns, target, test, predicted, async (own) => truth(own), {
    seed: 5,
    repeats: 3,
  })
  expect(rises[0]).toBeCloseTo((2 * 9) / 12, 1)
  expect(rises[1]).toBeCloseTo(2 / 12, 2)
  expect(rises[2]).toBe(0)
})

it('a predictor that does not vary among the held-out rows still counts', async () => {
  const column = Float32Array.from({ length: 100 }, (_, i) => Math.floor(i / 10))
  const target = Float64Array.from(column)
  const test = Int32Array.from({ length: 10 }, (_, i) => 40 + i)
  const [rise] = await heldOutImportance(
    [column],
    target,
    test,
    Float32Array.from(test, () => 4),
    async ([own]) => own,
    { seed: 1, repeats: 20 },
  )
  expect(rise).toBeGreaterThan(3)
})
