import type { StationSet } from '../../contract/index.ts'
import { LoamError } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'

/** Places of a set's stations in another CRS.
 *  @returns x and y: Float64Array[stations], in units of `targetCrs`, x = longitude or easting; NaN for a station without
 *           a place or one the target CRS cannot show
 *  @throws bad_input: the set has no places at all */
export function placeStations(
  set: Pick<StationSet, 'name' | 'crs' | 'stations'>,
  targetCrs: string,
): { x: Float64Array; y: Float64Array } {
  if (set.crs === '')
    throw new LoamError(
      'bad_input',
      `Station set "${set.name}" has no places, and they are needed here. Add it again with a list of its stations and their places (at the command line: --stations).`,
      { set: set.name },
    )
  const x = Float64Array.from(set.stations, (station) => station.x ?? Number.NaN)
  const y = Float64Array.from(set.stations, (station) => station.y ?? Number.NaN)
  transformPoints(set.crs, targetCrs, x, y)
  return { x, y }
}
