import { dayFromNumber } from '../../contract/index.ts'
import type { Recipe, SealedRows } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'
import type { SampleTable } from '../samples/index.ts'
import type { DraftRows } from './draft-job.ts'

/** What a recipe's test part holds back, for telling it and for drawing it on map and calendar. A place or a day counts as sealed
 *  when none of its rows is left.
 *  @param crs of the answer's places */
export function sealedRows({ table, sealed }: DraftRows, { split: { test } }: Recipe, crs: string): SealedRows | null {
  if (!sealed || !test) return null
  const open = placesOf(table)
  const held = [...placesOf(sealed.table)].filter((name) => !open.has(name)).length
  const openDays = new Set(table.day)
  const days = [...new Set(sealed.table.day)].filter((day) => !openDays.has(day)).sort((a, b) => a - b)
  const own = table.crs ?? sealed.table.crs ?? ''
  return {
    rows: sealed.rows,
    of: sealed.of,
    places: held,
    placesOf: held + open.size,
    days: days.map(dayFromNumber),
    corners: test.extent ? cornersOf(test.extent, own, crs) : null,
  }
}

/** Names of places that have a row: their numbers differ between tables. */
const placesOf = (table: SampleTable): Set<string> => new Set(Array.from(table.place, (place) => table.places[place]))

function cornersOf(
  [west, south, east, north]: readonly [number, number, number, number],
  from: string,
  to: string,
): (readonly [number, number])[] {
  const x = Float64Array.of(west, east, east, west)
  const y = Float64Array.of(south, south, north, north)
  if (from && from !== to) transformPoints(from, to, x, y)
  return Array.from(x, (each, i) => [each, y[i]] as const)
}
