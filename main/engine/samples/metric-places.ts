import { isGeographic, metresPerUnit } from '../raster/index.ts'
import type { SampleTable } from './sample-table.ts'

/** Metres in a degree of a great circle, mean Earth radius 6 371 008.8 m (IUGG). */
const metresPerDegree = (Math.PI / 180) * 6_371_008.8

/** Where the places lie, metres: a projected CRS in its own plane, degrees unrolled at the mean latitude of the places (distances
 *  then err by some percent at the far ends of a large area, which grouping and reporting can bear).
 *  @returns x, y: Float64Array[places], NaN for a place without rows; null when the table has no CRS or no positions */
export function metricPlaces(table: SampleTable): { x: Float64Array; y: Float64Array } | null {
  if (table.crs === undefined) return null
  const x = new Float64Array(table.places.length).fill(NaN)
  const y = new Float64Array(table.places.length).fill(NaN)
  for (let i = 0; i < table.place.length; i++) {
    x[table.place[i]] = table.x[i]
    y[table.place[i]] = table.y[i]
  }
  const known = y.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return null
  if (!isGeographic(table.crs)) {
    const metres = metresPerUnit(table.crs)
    return { x: x.map((value) => value * metres), y: y.map((value) => value * metres) }
  }
  const meanLatitude = known.reduce((sum, value) => sum + value, 0) / known.length
  const alongX = metresPerDegree * Math.cos((meanLatitude * Math.PI) / 180)
  return { x: x.map((value) => value * alongX), y: y.map((value) => value * metresPerDegree) }
}
