import { expect, test } from 'vitest'
import { formatReading } from '../../../renderer/widgets/format.ts'

test('soil moisture has three decimals, other readings four significant digits', () => {
  expect(formatReading(0.25, 'm3 m-3')).toBe('0.250')
  expect(formatReading(0.23931, 'm3 m-3')).toBe('0.239')
  expect(formatReading(-0.0001, 'm3 m-3')).toBe('0.000')
  expect(formatReading(298.15432, 'K')).toBe('298.2')
  expect(formatReading(null, 'm3 m-3')).toBe('–')
})
