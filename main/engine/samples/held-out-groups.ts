import { LoamError, dayFromNumber } from '../../contract/index.ts'
import type { Split } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { canonicalOrder, compareText } from './canonical-order.ts'
import { metricPlaces } from './metric-places.ts'
import type { SampleTable } from './sample-table.ts'
import { rowCount } from './sample-table.ts'

/** Rows that must stay together. */
export interface Groups {
  /** For each row its group, 0 to count − 1; numbered by name, so the same for any order of the rows. */
  readonly of: Int32Array
  readonly count: number
  /** What one group is: `station`, `block of 1000 m`, `month`. */
  readonly what: string
}

/** Groups of rows that lie at one place: a station with all stations in the same fine cell (they share their
 *  predictors), or the coarse cells of one square block.
 *  @throws bad_table when blocks are asked for and the table has no positions */
export function placeGroups(table: SampleTable, split: Split): Groups {
  if (table.placeKind !== 'cell') return { ...groupsOf(table, stationGroupNames(table)), what: 'station' }
  const places = metricPlaces(table)
  if (!places)
    throw new LoamError(
      'bad_table',
      'The training table has no positions with a coordinate reference system, which spatial blocks need. Split by time, or make the table from a raster with a CRS.',
    )
  const size = split.blockSize ?? defaultBlockSize(places)
  const names = table.places.map(
    (_, place) => `block ${Math.floor(places.y[place] / size)} ${Math.floor(places.x[place] / size)}`,
  )
  return { ...groupsOf(table, names), what: `block of ${Number(size.toPrecision(4))} m` }
}

/** A tenth of the longer side of the area; for a single place, anything positive. */
function defaultBlockSize(places: { x: Float64Array; y: Float64Array }): number {
  return Math.max(spread(places.x), spread(places.y)) / 10 || 1
}

function spread(values: Float64Array): number {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return high - low
}

/** Each place's group: itself, or the first by name of the stations in its fine cell. */
function stationGroupNames(table: SampleTable): string[] {
  const { cells, places } = table
  if (!cells) return places
  const first = new Map<number, string>()
  places.forEach((name, place) => {
    const known = first.get(cells[place])
    if (known === undefined || compareText(name, known) < 0) first.set(cells[place], name)
  })
  return places.map((_, place) => first.get(cells[place])!)
}

function groupsOf(table: SampleTable, nameOfPlace: string[]): Omit<Groups, 'what'> {
  const used = new Set<string>()
  for (let i = 0; i < table.place.length; i++) used.add(nameOfPlace[table.place[i]])
  const names = [...used].sort(compareText)
  const number = new Map(names.map((name, i) => [name, i]))
  return { of: table.place.map((place) => number.get(nameOfPlace[place])!), count: names.length }
}

/** Groups of rows of one calendar month, calendar year, or week from Monday to Sunday. */
export function timeGroups(table: SampleTable, unit: Split['timeBlock']): Groups {
  const nameOfDay = new Map<number, string>()
  for (const day of table.day) if (!nameOfDay.has(day)) nameOfDay.set(day, timeBlockName(day, unit))
  const names = [...new Set(nameOfDay.values())].sort(compareText)
  const number = new Map(names.map((name, i) => [name, i]))
  return { of: table.day.map((day) => number.get(nameOfDay.get(day)!)!), count: names.length, what: unit }
}

/** `2018-07`, `2018`, or the Monday of the week, `2018-07-02`. */
export function timeBlockName(day: number, unit: Split['timeBlock']): string {
  if (unit === 'month') return dayFromNumber(day).slice(0, 7)
  if (unit === 'year') return dayFromNumber(day).slice(0, 4)
  // 1970-01-01 was a Thursday, so day −3 was a Monday.
  return dayFromNumber(Math.floor((day + 3) / 7) * 7 - 3)
}

/** Every row its own group, numbered in canonical order. */
export function rowGroups(table: SampleTable): Groups {
  const of = new Int32Array(rowCount(table))
  canonicalOrder(table).forEach((row, position) => (of[row] = position))
  return { of, count: of.length, what: 'row' }
}

/** Deals whole groups to folds so that folds have about equal numbers of rows. Large groups go first, each to the fold
 *  with the fewest rows; groups within a factor √2 in size are dealt in the seed's order, so that another seed gives
 *  another split.
 *  @returns fold of each group, Int32Array[groups]; every fold gets one if there are at least `count` groups */
export function dealGroups(groups: Groups, count: number, seed: number): Int32Array {
  const rows = new Int32Array(groups.count)
  for (const group of groups.of) rows[group]++
  const order = new Random(seed).shuffle(Int32Array.from(rows.keys()))
  const sizeClass = Array.from(rows, (size) => Math.round(2 * Math.log2(size)))
  const dealt = [...order].sort((a, b) => sizeClass[b] - sizeClass[a])
  const foldOf = new Int32Array(rows.length)
  const load = new Array<number>(count).fill(0)
  for (const group of dealt) {
    let lightest = 0
    for (let fold = 1; fold < count; fold++) if (load[fold] < load[lightest]) lightest = fold
    foldOf[group] = lightest
    load[lightest] += rows[group]
  }
  return foldOf
}
