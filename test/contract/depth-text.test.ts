import { expect, test } from 'vitest'
import { formatDepth } from '../../main/contract/index.ts'

test.each([
  [[0, 0.05], '0–5 cm'],
  [[0.05, 0.05], '5 cm'],
  // 100 × 0.07 is 7.000000000000001.
  [[0.07, 0.28], '7–28 cm'],
  [[0, 1], '0–100 cm'],
  [[0.025, 0.025], '2.5 cm'],
] as const)('the depth %j m is written %s', (depth, shown) => {
  expect(formatDepth(depth)).toBe(shown)
})
