import { LoamError, dayFromNumber, dayNumber } from '../../contract/index.ts'
import type { ChartFilter, FilterPart } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'

/** Rows a filter of the charts is held against. */
export interface FilterableRows {
  readonly count: number
  /** Days since 1970-01-01 of each row. */
  readonly day: ArrayLike<number>
  /** Index into `places` of each row. */
  readonly place: ArrayLike<number>
  /** Null: rows have no place one could name or find on a map. */
  readonly places: readonly { readonly id: string; readonly x: number | null; readonly y: number | null }[] | null
  /** CRS of the places' x and y. */
  readonly crs: string | null
  /** Values of each row by name; undefined for a name the rows do not have. */
  readonly column: (name: string) => ArrayLike<number> | undefined
}

export interface FilteredRows {
  /** Numbers of the rows that pass, ascending. */
  readonly kept: Int32Array
  /** Parts of the filter that could not be asked of these rows. */
  readonly ignored: readonly FilterPart[]
}

/** Rows that pass every part of a filter. A row without a value (NaN) lies in no range and in no lasso; a place without
 *  coordinates lies in no area.
 *  @throws unknown_name for a column the rows do not have */
export function filterRows(rows: FilterableRows, filter: ChartFilter): FilteredRows {
  const ignored: FilterPart[] = []
  const tests: ((row: number) => boolean)[] = []
  if (filter.from || filter.to) {
    const first = filter.from ? dayNumber(filter.from) : -Infinity
    const last = filter.to ? dayNumber(filter.to) : Infinity
    tests.push((row) => rows.day[row] >= first && rows.day[row] <= last)
  }
  if (filter.months) tests.push(monthTest(rows.day, new Set(filter.months)))
  if (filter.places) {
    const wanted = new Set(filter.places)
    const isWanted = rows.places?.map(({ id }) => wanted.has(id))
    if (isWanted) tests.push((row) => isWanted[rows.place[row]])
    else ignored.push('places')
  }
  if (filter.area) {
    const isInside = placesInside(rows, filter.area)
    if (isInside) tests.push((row) => isInside[rows.place[row]])
    else ignored.push('area')
  }
  for (const { of, low, high } of filter.ranges ?? []) {
    const values = needColumn(rows, of)
    tests.push((row) => values[row] >= low && values[row] <= high)
  }
  if (filter.lasso) {
    const { x, y, ring } = filter.lasso
    const [ownX, ownY] = [needColumn(rows, x), needColumn(rows, y)]
    tests.push((row) => isInRing(ring, ownX[row], ownY[row]))
  }
  const kept = new Int32Array(rows.count)
  let n = 0
  for (let row = 0; row < rows.count; row++) if (tests.every((passes) => passes(row))) kept[n++] = row
  return { kept: kept.subarray(0, n), ignored }
}

/** Whether a point lies inside a closed ring, by the parity of crossings; NaN lies outside.
 *  Source: Shimrat (1962), Algorithm 112: position of point relative to polygon, CACM 5, 434. */
export function isInRing(ring: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let isInside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]
    const [xj, yj] = ring[j]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isInside = !isInside
  }
  return isInside
}

function monthTest(day: ArrayLike<number>, wanted: ReadonlySet<number>): (row: number) => boolean {
  const known = new Map<number, boolean>()
  return (row) => {
    const found = known.get(day[row]) ?? wanted.has(Number(dayFromNumber(day[row]).slice(5, 7)))
    known.set(day[row], found)
    return found
  }
}

/** For each place, whether it lies in the area; null when places have no coordinates at all. */
function placesInside({ places, crs }: FilterableRows, area: NonNullable<ChartFilter['area']>): boolean[] | null {
  if (!places || !crs) return null
  const x = Float64Array.from(places, (place) => place.x ?? NaN)
  const y = Float64Array.from(places, (place) => place.y ?? NaN)
  transformPoints(crs, area.crs, x, y)
  const [west, south, east, north] = area.bounds
  return places.map((_, i) => x[i] >= west && x[i] <= east && y[i] >= south && y[i] <= north)
}

function needColumn(rows: FilterableRows, name: string): ArrayLike<number> {
  const values = rows.column(name)
  if (values) return values
  throw new LoamError(
    'unknown_name',
    `The filter asks for a column "${name}", which these rows do not have. Clear that part of the filter.`,
    {
      name,
    },
  )
}
