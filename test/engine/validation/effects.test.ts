import { expect, it } from 'vitest'
import { Random } from '../../../main/engine/numeric/index.ts'
import { accumulatedLocalEffects, partialDependence } from '../../../main/engine/validation/index.ts'

const n = 4000
const random = new Random(3)
const a = Float32Array.from({ length: n }, () => random.uniform())
// Hangs together with a.
const b = Float32Array.from(a, (value) => value + 0.1 * random.uniform())
const columns = [a, b]
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

it('of a sum both are the straight line of the predictor; ALE has mean 0', async () => {
  const predict = async ([x, y]: Float32Array[]): Promise<Float32Array> => x.map((value, i) => 2 * value + 5 * y[i])
  const dependence = await partialDependence(predict, columns, 0, 11)
  const local = await accumulatedLocalEffects(predict, columns, 0, 11)
  dependence.values.forEach((value, k) => expect(dependence.effects[k]).toBeCloseTo(2 * value + 5 * mean(b), 4))
  local.values.forEach((value, k) => expect(local.effects[k]).toBeCloseTo(2 * (value - mean(a)), 2))
  expect(local.rows.reduce((sum, rows) => sum + rows)).toBe(n)
})

it('ALE of a product follows the rows that there are; partial dependence the mean of the other', async () => {
  const predict = async ([x, y]: Float32Array[]): Promise<Float32Array> => x.map((value, i) => value * y[i])
  const local = await accumulatedLocalEffects(predict, columns, 0, 41)
  // The local slope at a is E[b | a] = a + 0.05, so the effect rises by 1/2 + 0.05 from 0 to 1; by plain lines as well.
  expect(local.effects.at(-1)! - local.effects[0]).toBeCloseTo(0.55, 1)
  let sum = 0
  for (let k = 1; k < local.values.length; k++) {
    const [low, high] = [local.values[k - 1], local.values[k]]
    const own = [...a.keys()].filter((i) => a[i] <= high && (a[i] > low || k === 1))
    sum += (high - low) * mean(own.map((i) => b[i]))
  }
  expect(local.effects.at(-1)! - local.effects[0]).toBeCloseTo(sum, 4)
  const dependence = await partialDependence(predict, columns, 0, 5)
  expect(dependence.effects[4] - dependence.effects[0]).toBeCloseTo(
    mean(b) * (dependence.values[4] - dependence.values[0]),
    4,
  )
})

it('a predictor the model does not use has no effect; one of a single value is refused', async () => {
  const predict = async ([x]: Float32Array[]): Promise<Float32Array> => x
  expect(new Set((await accumulatedLocalEffects(predict, columns, 1, 9)).effects)).toEqual(new Set([0]))
  await expect(accumulatedLocalEffects(predict, [new Float32Array(9).fill(2)], 0, 9)).rejects.toMatchObject({
    code: 'bad_input',
  })
})
