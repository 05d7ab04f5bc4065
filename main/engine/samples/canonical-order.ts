import type { SampleTable } from './sample-table.ts'
import { rowCount } from './sample-table.ts'

/** Rows sorted by day, then place name, then target and predictors: an order that depends on what the rows say and not
 *  on where they came from. Rows that tie are equal in everything, so their order cannot matter.
 *  @returns row numbers, Uint32Array[rows] */
export function canonicalOrder(table: SampleTable): Uint32Array {
  const { day, place, target, columns, weights } = table
  const rank = placeRanks(table)
  const keys = new Float64Array(rowCount(table))
  for (let i = 0; i < keys.length; i++) keys[i] = day[i] * table.places.length + rank[place[i]]
  return Uint32Array.from(keys.keys()).sort((a, b) => {
    if (keys[a] !== keys[b]) return keys[a] - keys[b]
    if (target[a] !== target[b]) return target[a] - target[b]
    for (const column of columns) if (column[a] !== column[b]) return column[a] - column[b]
    return weights ? weights[a] - weights[b] : 0
  })
}

/** Position of each place when their names are sorted by code unit, the same in every locale. */
export function placeRanks(table: SampleTable): Int32Array {
  const order = [...table.places.keys()].sort((a, b) => compareText(table.places[a], table.places[b]))
  const rank = new Int32Array(order.length)
  order.forEach((place, position) => (rank[place] = position))
  return rank
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
