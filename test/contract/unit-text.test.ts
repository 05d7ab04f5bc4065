import { expect, test } from 'vitest'
import { formatUnit } from '../../main/contract/index.ts'

test.each([
  ['m3 m-3', 'm³ m⁻³'],
  ['kg m-3', 'kg m⁻³'],
  ['W m-2', 'W m⁻²'],
  ['K', 'K'],
  ['dB', 'dB'],
  ['degC', '°C'],
  ['degrees', '°'],
  ['%', '%'],
  // A ratio has none.
  ['1', ''],
  ['', ''],
])('the unit %s is written %s', (unit, shown) => {
  expect(formatUnit(unit)).toBe(shown)
})
