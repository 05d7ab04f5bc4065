import { expect, test } from 'vitest'
import { pace, quietMs } from '../../../renderer/widgets/pace.ts'

test('progress every 50 ms for a minute is said every 10 s', () => {
  const mayTell = pace()
  const said: number[] = []
  for (let ms = 0; ms < 60_000; ms += 50) if (mayTell(false, ms)) said.push(ms)
  expect(quietMs).toBe(10_000)
  expect(said).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000])
})

test('a state is said at once, and progress is quiet for 10 s after it', () => {
  const mayTell = pace()
  expect(mayTell(false, 0)).toBe(true)
  expect(mayTell(true, 100)).toBe(true)
  expect(mayTell(true, 101)).toBe(true)
  expect(mayTell(false, 10_100)).toBe(false)
  expect(mayTell(false, 10_101)).toBe(true)
})
