import { isGeographic, metresPerUnit } from '../raster/index.ts'
import type { DraftRemark, Grid } from '../../contract/index.ts'
import { note, warn } from './remarks.ts'
import type { PlannedDraft } from './remarks.ts'
import { sizeWords } from './sentences.ts'

/** Side of a cell, metres; degrees at the middle latitude of the grid. */
function metresOf(grid: Grid): number {
  const side = Math.sqrt(Math.abs(grid.transform[1] * grid.transform[5]))
  if (!isGeographic(grid.crs)) return side * metresPerUnit(grid.crs)
  const latitude = grid.transform[3] + (grid.rows * grid.transform[5]) / 2
  return side * 111_195 * Math.sqrt(Math.cos((latitude * Math.PI) / 180))
}

const wideGap = 10

export function scaleGap({ plan: { fineGrid, trainingGrid } }: PlannedDraft): DraftRemark[] {
  if (!trainingGrid) return []
  const factor = metresOf(trainingGrid) / metresOf(fineGrid)
  if (factor < 1)
    return [
      warn(
        'target',
        'target',
        `The target's cells (${sizeWords(trainingGrid.transform[1], trainingGrid.crs)}) are finer than the maps': nothing is downscaled.`,
        'Choose a finer grid for the maps.',
      ),
    ]
  if (factor < wideGap) return []
  const words = `Trained at ${sizeWords(trainingGrid.transform[1], trainingGrid.crs)}, predicted at ${sizeWords(fineGrid.transform[1], fineGrid.crs)} (factor ${Math.round(factor)})`
  return [
    warn(
      'target',
      'target',
      `${words}. Means of predictors hide extremes, so the model extrapolates where a fine cell is unlike any coarse one, and held-out scores say nothing about detail inside a coarse cell.`,
      'Look at the applicability in the preview, and hold the maps against stations.',
    ),
  ]
}

export function coarsePredictors({ plan: { fineGrid }, fields }: PlannedDraft): DraftRemark[] {
  const fine = metresOf(fineGrid)
  const coarse = fields.predictors.filter((field) => field.nativeGrid && metresOf(field.nativeGrid) > 4 * fine)
  const without = fields.predictors.filter((field) => field.nativeGrid === null && field.times !== 'static')
  const carriers = fields.predictors.filter((field) => field.nativeGrid && metresOf(field.nativeGrid) <= 1.5 * fine)
  const remarks = coarse.map((field) => {
    const effect = field.times === 'static' ? 'its' : 'it moves the map in time more than in space, and its'
    return note(
      'predictors',
      `predictors.${field.name}`,
      `${field.name} has cells of ${sizeWords(field.nativeGrid!.transform[1], field.nativeGrid!.crs)}: ${effect} cell edges can show in the map.`,
      '',
    )
  })
  if (carriers.length === 0 && coarse.length + without.length > 0)
    remarks.push(
      warn(
        'predictors',
        'predictors',
        `No predictor is as fine as the maps, so no detail of ${sizeWords(fineGrid.transform[1], fineGrid.crs)} can appear.`,
        'Add terrain, soil or an image on the fine grid.',
      ),
    )
  return remarks
}
