import { expect, test } from 'vitest'
import type { RasterDataset } from '../../../main/contract/index.ts'
import { largeStatics } from '../../../main/engine/tiles/make-ahead.ts'
import { day, utm } from './tile-project.ts'

const variable = (name: string): RasterDataset['variables'][number] => ({
  name,
  unit: 'm',
  kind: 'continuous',
  scale: 1,
  offset: 0,
  nodata: [],
  validRange: null,
  description: '',
})

/** @param dates of each variable; null: none */
function dataset(name: string, side: number, dates: readonly (string | null)[]): RasterDataset {
  return {
    name,
    grid: utm(10, side, side),
    variables: dates.map((_, i) => variable(`v${i}`)),
    files: [],
    scenes: dates.map((date, i) => ({
      variable: i,
      day: date === null ? null : day(date),
      file: 0,
      subdataset: '',
      band: i + 1,
    })),
    dateRule: '',
    notes: [],
  }
}

test('large variables without dates are averaged ahead, small and dated ones are not', () => {
  const all = [
    dataset('small', 1999, [null]),
    dataset('soil', 2000, [null, null]),
    dataset('mixed', 4000, ['2018-06-10', null]),
  ]
  expect(largeStatics(all)).toEqual([
    { dataset: 'soil', variable: 'v0' },
    { dataset: 'soil', variable: 'v1' },
    { dataset: 'mixed', variable: 'v1' },
  ])
})
