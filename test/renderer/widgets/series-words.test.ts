import { expect, test } from 'vitest'
import type { Day } from '../../../main/contract/index.ts'
import { seriesCsv, seriesWords } from '../../../renderer/widgets/series-words.ts'

const days = ['2018-07-04', '2018-07-05'] as Day[]
const series = [
  { id: 'p', name: 'Prediction, forest', unit: 'm3 m-3', kind: 'line', values: [0.2, null] },
  { id: 'b', name: 'Interval', unit: 'm3 m-3', kind: 'band', values: [0.1, null], high: [0.3, null] },
  { id: 'r', name: 'Rain', unit: 'mm', kind: 'bars', values: [0, 12.5] },
] as const

test('the table has units in its head, both edges of a band, and empty cells for gaps', () => {
  expect(seriesCsv(days, series)).toBe(
    'date,"Prediction, forest [m3 m-3]",Interval low [m3 m-3],Interval high [m3 m-3],Rain [mm]\n' +
      '2018-07-04,0.2,0.1,0.3,0\n2018-07-05,,,,12.5\n',
  )
})

test('the sentence says what, when, how many and from what to what', () => {
  expect(seriesWords('Cell A', days, series)).toBe(
    'Cell A, 2018-07-04 to 2018-07-05. Prediction, forest: 1 values from 0.2 to 0.2 m³ m⁻³; ' +
      'Interval: 1 values from 0.1 to 0.1 m³ m⁻³; Rain: 2 values from 0 to 12.5 mm',
  )
})
