import { LoamError } from '../../contract/index.ts'

/** Observations at places, planar coordinates in one length unit (or longitude and latitude where a function says so).
 *  x, y, values: Float64Array[n], no NaN. */
export interface PointValues {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly values: Float64Array
}

/** Metres; the sphere of equal volume, IUGG mean radius. */
export const earthRadius = 6_371_008.8

/** Great-circle distance in metres between places in degrees (haversine). */
export function greatCircle(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const toRadians = Math.PI / 180
  const a =
    Math.sin(((lat2 - lat1) * toRadians) / 2) ** 2 +
    Math.cos(lat1 * toRadians) * Math.cos(lat2 * toRadians) * Math.sin(((lon2 - lon1) * toRadians) / 2) ** 2
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(a)))
}

/** Groups of rows that share a place, each with two rows or more. */
export function duplicatePlaces({ x, y }: PointValues): number[][] {
  const byPlace = new Map<string, number[]>()
  for (let i = 0; i < x.length; i++) {
    const key = `${x[i]},${y[i]}`
    const rows = byPlace.get(key)
    if (rows) rows.push(i)
    else byPlace.set(key, [i])
  }
  return [...byPlace.values()].filter((rows) => rows.length > 1)
}

/** One point per place, its value the mean of those there, in the order of first appearance.
 *  @returns the points, and for each the first row it came from */
export function averageDuplicates(points: PointValues): { points: PointValues; rows: Int32Array } {
  const extra = new Set<number>()
  const values = Float64Array.from(points.values)
  for (const rows of duplicatePlaces(points)) {
    values[rows[0]] = rows.reduce((sum, row) => sum + points.values[row], 0) / rows.length
    rows.slice(1).forEach((row) => extra.add(row))
  }
  const kept = Int32Array.from(values.keys()).filter((row) => !extra.has(row))
  const take = (column: Float64Array): Float64Array => Float64Array.from(kept, (row) => column[row])
  return { points: { x: take(points.x), y: take(points.y), values: take(values) }, rows: kept }
}

/** @throws bad_input when columns differ in length or hold what is not finite; too_few_rows below `least` points */
export function checkPoints({ x, y, values }: PointValues, least: number): void {
  if (x.length !== y.length || x.length !== values.length)
    throw new LoamError(
      'bad_input',
      `The points have ${x.length} x, ${y.length} y and ${values.length} values; give as many of each.`,
    )
  if (x.length < least)
    throw new LoamError(
      'too_few_rows',
      `There are ${x.length} points; at least ${least} are needed. Give more points.`,
      {
        points: x.length,
        least,
      },
    )
  for (let i = 0; i < x.length; i++)
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i]) || !Number.isFinite(values[i]))
      throw new LoamError(
        'bad_input',
        `Point ${i + 1} is (${x[i]}, ${y[i]}) with value ${values[i]}; leave out what is not a number.`,
      )
}
