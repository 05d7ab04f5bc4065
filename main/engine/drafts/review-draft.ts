import type { DraftRemark } from '../../contract/index.ts'
import type { PlannedDraft, Review } from './remarks.ts'
import { coarsePredictors, scaleGap } from './review-grids.ts'
import {
  changedSensors,
  coordinatesWithPlaces,
  fieldDoubts,
  missingDates,
  sharedSources,
  targetAmongPredictors,
} from './review-predictors.ts'
import { newSeason, optimisticSplit, rowsPerFold, stationsWithoutPlaces } from './review-samples.ts'
import { depths, nothingMeasured, noInterval, sameStations, units } from './review-validation.ts'

/** What a careful reviewer would ask of a recipe that runs. Each looks at one thing. */
const reviews: readonly Review[] = [
  fieldDoubts,
  scaleGap,
  coarsePredictors,
  targetAmongPredictors,
  sharedSources,
  changedSensors,
  missingDates,
  optimisticSplit,
  coordinatesWithPlaces,
  rowsPerFold,
  newSeason,
  depths,
  units,
  sameStations,
  stationsWithoutPlaces,
  nothingMeasured,
  noInterval,
]

/** Remarks on a recipe that runs; each says what it does to the map or its score, and what to do. */
export function reviewDraft(draft: PlannedDraft): DraftRemark[] {
  return reviews.flatMap((review) => review(draft))
}
