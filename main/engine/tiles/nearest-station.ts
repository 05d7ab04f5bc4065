import { LoamError } from '../../contract/index.ts'
import type { CellSeries, Day } from '../../contract/index.ts'
import type { StationSource } from '../fields/index.ts'
import { isGeographic } from '../raster/index.ts'
import { placeStations } from '../stations/index.ts'
import type { LayerPlace } from './tile-messages.ts'

export interface ObservedStation {
  readonly set: string
  readonly variable: string
  readonly depth?: [number, number]
  /** Metres. */
  readonly within: number
}

const metresPerDegree = 111_195

/** Daily values of the station nearest to a place, as observed.
 *  @throws unknown_name when there is no such set, variable or depth */
export function nearestStation(
  sources: ReadonlyMap<string, StationSource>,
  { set, variable, depth, within }: ObservedStation,
  { x, y, crs }: LayerPlace,
  days: readonly Day[],
): CellSeries {
  const source = sources.get(set)
  if (!source)
    throw new LoamError(
      'unknown_name',
      `The project has no station set "${set}"; it has: ${[...sources.keys()].join(', ') || 'none'}.`,
    )
  const table = source.daily(variable, depth)
  const places =
    table.crs === '' ? { x: [], y: [] } : placeStations({ name: set, stations: table.stations, crs: table.crs }, crs)
  const isAngle = isGeographic(crs)
  const shrink = isAngle ? Math.cos((y * Math.PI) / 180) : 1
  let [nearest, distance] = [-1, within / (isAngle ? metresPerDegree : 1)]
  for (let i = 0; i < places.x.length; i++) {
    const own = Math.hypot((places.x[i] - x) * shrink, places.y[i] - y)
    if (own <= distance) [nearest, distance] = [i, own]
  }
  const id = `observed:${set}`
  const { unit } = table
  if (nearest < 0)
    return { id, name: '', unit, values: days.map(() => null), reasons: days.map(() => 'no_observation'), fault: null }
  const columns = new Map(table.days.map((day, i) => [day, i]))
  const values = days.map((day) => {
    const column = columns.get(day)
    const value = column === undefined ? Number.NaN : table.values[nearest * table.days.length + column]
    return Number.isNaN(value) ? null : value
  })
  const name = table.stations[nearest].name || table.stations[nearest].id
  return {
    id,
    name,
    unit,
    values,
    reasons: values.map((value) => (value === null ? 'no_observation' : null)),
    fault: null,
  }
}
