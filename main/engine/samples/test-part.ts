import { dayNumber } from '../../contract/index.ts'
import type { TestPart } from '../../contract/index.ts'
import { pickRows } from './join-samples.ts'
import { rowCount } from './sample-table.ts'
import type { SampleTable } from './sample-table.ts'

/** A place on a day. */
export interface PlaceAndDay {
  /** Station id; that of a cell is none. */
  readonly place: string
  /** In the fine grid's CRS; NaN when unknown. */
  readonly x: number
  readonly y: number
  /** Days since 1970-01-01. */
  readonly day: number
}

/** Whether something belongs to a sealed test part: its place or its day is named. A row of a sealed place is sealed on all days,
 *  one of a sealed day in all places, so that what is left knows neither. */
export function testPartHolds({ stations, extent, period }: TestPart): (row: PlaceAndDay) => boolean {
  const names = new Set(stations)
  const [from, to] = period ? [dayNumber(period.from), dayNumber(period.to)] : [Infinity, -Infinity]
  const [west, south, east, north] = extent ?? [Infinity, Infinity, -Infinity, -Infinity]
  return ({ place, x, y, day }) =>
    names.has(place) || (day >= from && day <= to) || (x >= west && x <= east && y >= south && y <= north)
}

/** The rows that may be used while the test part is sealed; the others are counted as `test_part:sealed`. */
export function withoutTestPart(table: SampleTable, test: TestPart | undefined): SampleTable {
  if (!test) return table
  const rows = rowsOf(table, test, false)
  const sealed = rowCount(table) - rows.length
  const kept = sealed === 0 ? table : pickRows(table, rows)
  return sealed === 0 ? kept : { ...kept, excluded: { ...kept.excluded, [sealedReason]: sealed } }
}

/** The rows of the test part alone, for when it is opened. */
export function onlyTestPart(table: SampleTable, test: TestPart): SampleTable {
  return { ...pickRows(table, rowsOf(table, test, true)), excluded: {} }
}

/** Under this reason sealed rows are counted. */
export const sealedReason = 'test_part:sealed'

function rowsOf(table: SampleTable, test: TestPart, isSealed: boolean): Int32Array {
  const holds = testPartHolds(test)
  return Int32Array.from(table.target.keys()).filter(
    (i) => holds({ place: table.places[table.place[i]], x: table.x[i], y: table.y[i], day: table.day[i] }) === isSealed,
  )
}
