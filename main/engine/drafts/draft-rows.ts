import type { Day } from '../../contract/index.ts'
import { RasterReader } from '../raster/index.ts'
import { compileRunFields, planStationSources } from '../runs/index.ts'
import {
  emptyTable,
  joinSamples,
  onlyTestPart,
  rowCount,
  rowsFromRaster,
  rowsFromStations,
  withoutTestPart,
} from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import type { DraftJob, DraftRows } from './draft-job.ts'

/** Reads rows of a draft until there are enough or the time is over, those of its sealed test part apart from the others; days come
 *  in an order whose every beginning is spread evenly over the training period.
 *  @throws what reading throws */
export async function readRows(
  job: Extract<DraftJob, { kind: 'rows' }>,
  report: (doing: string, done: number, total: number) => void,
): Promise<DraftRows> {
  const { plan, inputs, rows, withPredictors, seconds } = job
  const reader = new RasterReader({ cacheBytes: 96e6 })
  try {
    const stations = planStationSources(
      new Map(inputs.map((input, i) => [input.set.name, { ...input, hash: plan.stationInputs[i].hash }])),
    )
    const fields = compileRunFields(plan, stations, reader)
    const predictors = withPredictors ? [...fields.predictors] : []
    const weight = withPredictors ? fields.weight : null
    const { fineGrid, trainingGrid, trainingDays, recipe } = plan
    const order = spread(trainingDays)
    const end = Date.now() + 1000 * seconds
    const parts: SampleTable[] = []
    const { test } = recipe.split
    const sealedParts: SampleTable[] = []
    const open = (whole: SampleTable): SampleTable => {
      if (test) sealedParts.push(onlyTestPart(whole, test))
      return withoutTestPart(whole, test)
    }
    let read = 0
    let found = 0
    if (fields.targetTable) {
      const table = fields.targetTable
      const wanted = Math.min(order.length, Math.ceil((1.5 * rows) / Math.max(1, table.stations.length)))
      const days = order.slice(0, wanted)
      report('Reading stations and predictors', 0, 1)
      parts.push(open(await rowsFromStations({ table, predictors, weight, fineGrid, days })))
      read = days.length
    } else {
      const grid = trainingGrid!
      const window = { grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols }
      for (const day of order) {
        report(`Reading ${day}`, found, rows)
        const crs = fineGrid.crs
        const whole = await rowsFromRaster({ target: fields.target!, predictors, weight, grid, window, day, crs })
        const part = open(whole)
        parts.push(part)
        read++
        found += rowCount(part)
        if (found >= rows || Date.now() > end) break
      }
    }
    const table = parts.length > 0 ? joinSamples(parts, { maxRows: rows, seed: recipe.seed }) : emptyTable([], {})
    const candidates = parts.reduce(
      (sum, part) => sum + rowCount(part) + Object.values(part.excluded).reduce((all, one) => all + one, 0),
      0,
    )
    const rowsIn = (tables: readonly SampleTable[]) => tables.reduce((sum, each) => sum + rowCount(each), 0)
    const sealed = rowsIn(sealedParts)
    return {
      table,
      units: predictors.map(({ unit }) => unit),
      targetUnit: fields.targetTable?.unit ?? fields.target?.unit ?? '',
      days: read,
      daysOf: trainingDays.length,
      rowsOf: Math.round((candidates * trainingDays.length) / Math.max(1, read)),
      sealed:
        sealedParts.length > 0
          ? {
              table: joinSamples(sealedParts, { maxRows: rows, seed: recipe.seed }),
              rows: sealed,
              of: sealed + rowsIn(parts),
            }
          : null,
    }
  } finally {
    reader.close()
  }
}

/** The days in van der Corput order: 0, ½, ¼, ¾, … of the way. */
export function spread(days: readonly Day[]): Day[] {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, days.length))))
  const found: Day[] = []
  for (let i = 0; i < 2 ** bits; i++) {
    let at = 0
    for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) at |= 1 << (bits - 1 - bit)
    if (at < days.length) found.push(days[at])
  }
  return found
}
