/** A cell's value for sorting; null sorts last in both directions. */
export type SortValue = string | number | null

/** Rows in the order of their values: numbers by size, words letter by letter with the numbers in them by size ("file2" before
 *  "file10"). Equal ones keep their order.
 *
 *  100 000 rows have to be sorted within the 100 ms in which a click is answered, so each different word is compared as one
 *  plain string whose numbers were padded; `Intl.Collator` takes five times as long and is left for words beyond ASCII. */
export function sortRows<Row>(
  rows: readonly Row[],
  by: (row: Row) => SortValue,
  isDescending: boolean,
): readonly Row[] {
  const values = rows.map(by)
  const ranks = values.every((value) => value === null || typeof value === 'number')
    ? Float64Array.from(values as (number | null)[], (value) => value ?? Number.NaN)
    : wordRanks(values)
  const sign = isDescending ? -1 : 1
  const order = Uint32Array.from(ranks, (_, i) => i)
  order.sort((i, j) => {
    const [a, b] = [ranks[i], ranks[j]]
    if (a === b) return i - j
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? i - j : Number.isNaN(a) ? 1 : -1
    return sign * (a - b)
  })
  return Array.from(order, (i) => rows[i])
}

const collator = new Intl.Collator(undefined, { numeric: true })
const beyondAscii = /[^\0-\x7f]/

/** Place of each value among the different ones; NaN for null. */
function wordRanks(values: readonly SortValue[]): Float64Array {
  const words = [...new Set(values)].filter((value) => value !== null).map(String)
  const isPlain = !words.some((word) => beyondAscii.test(word))
  const keys = isPlain ? words.map(padded) : words
  const sorted = [...new Set(keys)]
  // Without a function of ours the engine compares strings itself, twice as fast.
  if (isPlain) sorted.sort()
  else sorted.sort(collator.compare)
  const places = new Map(sorted.map((key, i) => [key, i]))
  const ranks = new Map(words.map((word, i) => [word, places.get(keys[i])!]))
  return Float64Array.from(values, (value) => (value === null ? Number.NaN : ranks.get(String(value))!))
}

/** Upper and lower case alike, every number of sixteen digits. */
const padded = (word: string): string => word.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(16, '0'))
