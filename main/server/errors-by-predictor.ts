import { LoamError } from '../contract/index.ts'
import type { ChartFilter, ErrorsByPredictor, Subject } from '../contract/index.ts'
import { validationIndex } from '../engine/runs/index.ts'
import { groupsOfPredictor, predictorBoxes } from '../engine/validation/index.ts'
import { choosePairs } from './chosen-pairs.ts'
import type { ValidationShelf } from './validation-shelf.ts'

interface GroupQuery {
  readonly subject: Subject
  readonly predictor: string
  readonly filter: ChartFilter
}

/** Errors of the pairs that pass the filter, by a predictor of the run. The groups are those of all pairs, so that a brush moves
 *  none of their bounds.
 *  @throws unknown_name for a predictor the run does not have, or a reference without stations; what reading throws */
export async function errorsByPredictor(
  shelf: ValidationShelf,
  folder: string,
  name: string,
  { subject, predictor, filter }: GroupQuery,
): Promise<ErrorsByPredictor> {
  const run = await shelf.run(folder)
  const index = validationIndex(run, name)
  const field = run.fields.predictors.find((each) => each.name === predictor)
  if (!field)
    throw new LoamError(
      'unknown_name',
      `This run has no predictor "${predictor}". It has ${run.fields.predictors.map((each) => each.name).join(', ')}.`,
      { name: predictor },
    )
  if (run.fields.references[index].from !== 'stations')
    throw new LoamError(
      'unknown_name',
      `Pairs with the raster "${name}" carry no cell in which "${predictor}" could be read. Choose a reference of stations.`,
      { name },
    )
  const { all, kept, within, columns } = await choosePairs(shelf, folder, index, { subject, station: -1, filter })
  const values = await shelf.predictor(folder, index, predictor)
  const groups = groupsOfPredictor(
    Float64Array.from(all, (i) => values[i]),
    field.kind,
  )
  const errors = columns.predicted.map((value, i) => value - columns.observed[i])
  return {
    predictor,
    unit: field.unit,
    kind: field.kind,
    boxes: predictorBoxes(groups, errors, within),
    n: kept.length,
    without: within.filter((i) => groups.of[i] < 0).length,
  }
}
