import { expect, test } from 'vitest'
import { Random } from '../../../main/engine/numeric/index.ts'
import { sortRows } from '../../../renderer/widgets/sort-rows.ts'
import type { SortValue } from '../../../renderer/widgets/sort-rows.ts'

/** Words and the numbers in them compared in turn. */
function plainOrder(a: string, b: string): number {
  const parts = (word: string): string[] => word.toLowerCase().match(/\d+|\D/g) ?? []
  const [first, second] = [parts(a), parts(b)]
  for (let i = 0; i < Math.min(first.length, second.length); i++) {
    const areNumbers = /\d/.test(first[i]) && /\d/.test(second[i])
    if (areNumbers && Number(first[i]) !== Number(second[i])) return Number(first[i]) - Number(second[i])
    if (!areNumbers && first[i] !== second[i]) return first[i] < second[i] ? -1 : 1
  }
  return first.length - second.length
}

const valuesOf = (values: readonly SortValue[], isDescending = false): readonly SortValue[] =>
  sortRows(
    values.map((value) => ({ value })),
    ({ value }) => value,
    isDescending,
  ).map(({ value }) => value)

test('words sort as ten plain lines sort them, numbers in them by size', () => {
  const random = new Random(5)
  const words = Array.from(
    { length: 2000 },
    () => `${'abN'[random.below(3)]}${random.below(200)}_${random.below(30)}.tif`,
  )
  expect(valuesOf(words)).toEqual(words.toSorted(plainOrder))
  expect(valuesOf(words, true)).toEqual(words.toSorted((a, b) => plainOrder(b, a)))
})

test('numbers sort by size, null last in both directions, equal rows as they came', () => {
  expect(valuesOf([3, null, -1, 10, 3])).toEqual([-1, 3, 3, 10, null])
  expect(valuesOf([3, null, -1, 10, 3], true)).toEqual([10, 3, 3, -1, null])
  const rows = [2, 1, 2, 1, 2].map((value, i) => ({ value, i }))
  expect(sortRows(rows, ({ value }) => value, true).map(({ i }) => i)).toEqual([0, 2, 4, 1, 3])
})

test('words beyond ASCII sort as their language has them', () => {
  expect(valuesOf(['zebra', 'Äsche', 'apfel', null, 'Esche10', 'Esche9'])).toEqual([
    'apfel',
    'Äsche',
    'Esche9',
    'Esche10',
    'zebra',
    null,
  ])
})
