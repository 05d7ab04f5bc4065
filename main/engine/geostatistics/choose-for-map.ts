import { LoamError } from '../../contract/index.ts'
import { chooseVariogram } from './cross-validation.ts'
import type { ChosenVariogram } from './cross-validation.ts'
import type { PointValues } from './points.ts'

/** From more stations than this each is predicted from its nearest while a model is chosen, and from still more none is chosen: pairs
 *  grow with the square. */
const mostChosenByAll = 3000
const mostToChooseFrom = 30_000
const neighboursOfChoice = 32

/** chooseVariogram for any number of points up to what their pairs allow.
 *  @throws as chooseVariogram; too_large */
export async function chooseForMap(
  points: PointValues,
  options: Parameters<typeof chooseVariogram>[1],
): Promise<ChosenVariogram[]> {
  if (points.x.length > mostToChooseFrom)
    throw new LoamError(
      'too_large',
      `${points.x.length} stations are too many to choose a model from all their pairs; at most ${mostToChooseFrom} are. ` +
        `Fit one to a part of them with loam variogram --fit and give it with --model.`,
      { stations: points.x.length },
    )
  const neighbours = points.x.length > mostChosenByAll ? neighboursOfChoice : undefined
  return chooseVariogram(points, { ...options, neighbours })
}
