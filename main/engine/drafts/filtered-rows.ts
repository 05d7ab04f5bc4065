import type { ChartFilter, FilterPart } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'
import { rowCount } from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import { filterRows } from '../validation/index.ts'
import type { DraftRows } from './draft-job.ts'
import { componentsOf, scoreNames } from './components.ts'

export interface KeptRows {
  /** Row numbers, ascending. */
  readonly kept: Int32Array
  readonly ignored: readonly FilterPart[]
}

/** Rows of a sample that pass the filter of the charts. Columns of its ranges are the predictors, `target`, and `PC1` and `PC2`,
 *  whose axes are those of all rows.
 *  @throws unknown_name */
export function keptRows(sample: DraftRows, filter: ChartFilter): KeptRows {
  const { table } = sample
  const places = placesOf(table)
  return filterRows(
    {
      count: rowCount(table),
      day: table.day,
      place: table.place,
      places,
      crs: table.crs ?? null,
      column: (name) => sampleColumn(sample, name),
    },
    filter,
  )
}

/** Values of a predictor, of the target or of a component by name; undefined for another name. */
export function sampleColumn(sample: DraftRows, name: string): ArrayLike<number> | undefined {
  if (name === 'target') return sample.table.target
  const at = sample.table.predictors.indexOf(name)
  if (at >= 0) return sample.table.columns[at]
  const component = scoreNames.indexOf(name)
  return component >= 0 ? componentsOf(sample).scores[component] : undefined
}

/** Where the kept rows are, in a CRS, with how many of them: for lighting them up on the map. */
export function placesLeft(table: SampleTable, kept: Int32Array, crs: string | undefined) {
  const rows = new Map<number, number>()
  for (const row of kept) rows.set(table.place[row], (rows.get(table.place[row]) ?? 0) + 1)
  const all = placesOf(table)
  const found = [...rows.keys()].filter((place) => all[place].x !== null)
  const x = Float64Array.from(found, (place) => all[place].x ?? NaN)
  const y = Float64Array.from(found, (place) => all[place].y ?? NaN)
  if (crs && table.crs) transformPoints(table.crs, crs, x, y)
  return found.map((place, i) => ({ id: all[place].id, x: x[i], y: y[i], rows: rows.get(place) ?? 0 }))
}

function placesOf(table: SampleTable): { id: string; x: number | null; y: number | null }[] {
  const places = table.places.map((id) => ({ id, x: null as number | null, y: null as number | null }))
  for (let row = 0; row < rowCount(table); row++) {
    const place = places[table.place[row]]
    if (place.x !== null || Number.isNaN(table.x[row])) continue
    place.x = table.x[row]
    place.y = table.y[row]
  }
  return places
}
