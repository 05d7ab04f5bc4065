import type { LearnerSettings } from '../../../contract/index.ts'
import { searchOf } from './sought-of.ts'

/** Predictors a work is told for when their number is not known: enough that no usual list is shorter. */
const manyPredictors = 12

/** How many fits a search takes, and to how many rows each; null without one. */
export function searchFits(
  settings: LearnerSettings,
  rows: number,
): { readonly fits: number; readonly rows: number } | null {
  const search = searchOf(settings, manyPredictors)
  if (!search) return null
  const { trials, folds, mostRows } = search
  return { fits: trials * folds, rows: (Math.min(rows, mostRows) * (folds - 1)) / folds }
}

type Report = (share: number) => void

/** Parts a progress into that of the search and that of the fit after it, by the rows they work through. */
export function searchProgress(
  settings: LearnerSettings,
  rows: number,
  onProgress: Report | undefined,
): { readonly search?: Report; readonly fit?: Report } {
  const search = searchFits(settings, rows)
  if (!search || !onProgress) return { fit: onProgress }
  const work = search.fits * search.rows
  const share = work / (work + rows)
  return { search: (done) => onProgress(share * done), fit: (done) => onProgress(share + (1 - share) * done) }
}
