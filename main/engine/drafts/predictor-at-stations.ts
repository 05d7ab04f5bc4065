import { LoamError } from '../../contract/index.ts'
import { RunContext } from '../runs/index.ts'
import { rowsFromStations } from '../samples/index.ts'
import type { StationQuestion, StationValues } from './draft-job.ts'

/** Reads a predictor in the fine cells of a reference's stations on the days the run compared, as training reads it.
 *  @throws unknown_name; what opening a run and reading rasters throw */
export async function predictorAtStations({ folder, validation, predictor }: StationQuestion): Promise<StationValues> {
  const run = await RunContext.open(folder, { cacheBytes: 96e6 })
  try {
    const reference = run.fields.references[validation]
    const field = run.fields.predictors.find(({ name }) => name === predictor)
    if (reference?.from !== 'stations' || !field)
      throw new LoamError(
        'unknown_name',
        `This run has no predictor "${predictor}" at stations of this reference. It has ${run.fields.predictors.map(({ name }) => name).join(', ')}.`,
        { name: predictor },
      )
    const { table } = reference
    const days = run.parts.pairs.filter((part) => part.validation === validation).map(({ day }) => day)
    const rows = await rowsFromStations({ table, predictors: [field], fineGrid: run.plan.fineGrid, days })
    const numbers = new Map(table.stations.map(({ id }, i) => [id, i]))
    return {
      station: Int32Array.from(rows.place, (place) => numbers.get(rows.places[place]) ?? -1),
      day: rows.day,
      value: rows.columns[0],
    }
  } finally {
    run.close()
  }
}
