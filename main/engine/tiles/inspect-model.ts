import { asLoamError } from '../../contract/index.ts'
import type { Block, Day, Grid, InspectedModel, InspectedPredictor, Reason } from '../../contract/index.ts'
import type { ModelInfo } from '../models/index.ts'
import { rowsOfArea } from '../runs/index.ts'
import type { AreaOfRun, Plan, RunFields } from '../runs/index.ts'
import { dissimilarity } from '../validation/index.ts'
import { ageAt } from './fill-ages.ts'
import type { FillAge } from './fill-ages.ts'
import { cellAt, readFieldCell } from './read-cell.ts'
import { reasonText } from './reason-words.ts'
import type { CellReading, LayerPlace } from './tile-messages.ts'

/** What can be asked of a trained model or a finished run at a place. */
export interface InspectedSource {
  readonly of: InspectedModel['of']
  readonly plan: Pick<Plan, 'recipe' | 'fineGrid' | 'trainingGrid'>
  readonly fields: RunFields
  readonly ages: ReadonlyMap<string, FillAge>
  /** Null until the model is trained. */
  readonly info: Pick<ModelInfo, 'predictors' | 'ranges' | 'importance'> | null
  /** Null when it cannot be told. `rowsOf`: training rows it was drawn from. */
  readonly applicability: AreaOfRun | null
  /** The prediction in a fine cell and, when there are quantiles, the outermost two. */
  predict(
    cell: { readonly row: number; readonly col: number },
    /** `missing`: why the first predictor without a value has none; null when all have one. */
    predictors: { readonly values: readonly number[]; readonly missing: Reason | null },
    day: Day,
    signal?: AbortSignal,
  ): Promise<Omit<CellReading, 'cell'> & { readonly interval: InspectedModel['interval'] }>
  /** Mean prediction over one coarse cell; null when it cannot be told. */
  meanOver(grid: Grid, cell: { readonly row: number; readonly col: number }, day: Day): Promise<Block | null>
}

/** Everything a model has to say of one place on one day. */
export async function inspectModel(
  source: InspectedSource,
  day: Day,
  place: LayerPlace,
  signal?: AbortSignal,
): Promise<InspectedModel> {
  const { plan, fields, applicability } = source
  const { unit } = plan.recipe.product
  const cell = cellAt(plan.fineGrid, place)
  const base = { of: source.of, unit, coarse: null, dissimilarity: null, predictors: [], interval: null, fault: null }
  if (!cell) return { ...base, prediction: null, reason: 'outside_source', reasonText: reasonText('outside_source') }
  const predictors = await Promise.all(
    fields.predictors.map((field) => inspectPredictor(source, field.name, cell, day, signal)),
  )
  const values = predictors.map((each) => each.value ?? Number.NaN)
  const missing = predictors.find((each) => each.value === null)?.reason ?? null
  const { value, reason, interval } = await source.predict(cell, { values, missing }, day, signal)
  const columns = values.map((each) => Float32Array.of(each))
  const index = applicability
    ? (await dissimilarity(applicability.area, columns, { threads: 1, signal }))[0]
    : Number.NaN
  return {
    ...base,
    prediction: value,
    reason,
    reasonText: reasonText(reason),
    interval,
    coarse: await inspectCoarse(source, day, place, value, signal),
    dissimilarity:
      applicability && !Number.isNaN(index)
        ? {
            index,
            threshold: applicability.area.threshold,
            isInside: index <= applicability.area.threshold,
            rows: rowsOfArea(applicability.area),
            rowsOf: applicability.rowsOf,
          }
        : null,
    predictors,
  }
}

async function inspectPredictor(
  { plan, fields, ages, info }: InspectedSource,
  name: string,
  cell: { row: number; col: number },
  day: Day,
  signal?: AbortSignal,
): Promise<InspectedPredictor> {
  const field = fields.predictors.find((each) => each.name === name)!
  const { value, reason } = await readFieldCell(field, plan.fineGrid, cell, day, signal)
  const place = info?.predictors.indexOf(name) ?? -1
  const age = ages.get(name)
  const importance = info?.importance.impurity[place]
  return {
    name,
    unit: field.unit,
    value,
    reason,
    reasonText: reasonText(reason),
    trainingRange: info?.ranges[place] ?? null,
    ageDays: age && value !== null ? await ageAt(age, plan.fineGrid, cell, day, signal) : null,
    importance: importance === undefined || Number.isNaN(importance) ? null : importance,
    lineage: field.lineage,
  }
}

async function inspectCoarse(
  source: InspectedSource,
  day: Day,
  place: LayerPlace,
  prediction: number | null,
  signal?: AbortSignal,
): Promise<InspectedModel['coarse']> {
  const { fields, plan } = source
  const { baseline, baselineGrid } = fields
  if (!baseline || !baselineGrid) return null
  const target = plan.recipe.target
  const depth = 'raster' in target && plan.recipe.baseline === undefined ? (target.depth ?? null) : null
  const cell = cellAt(baselineGrid, place)
  let reading: { value: number | null; reason: Reason | null } = { value: null, reason: 'outside_source' }
  let closure: number | null = null
  if (cell) {
    reading = await readFieldCell(baseline, baselineGrid, cell, day, signal)
    if (reading.value !== null && prediction !== null) {
      const mean = await source.meanOver(baselineGrid, cell, day)
      if (mean && !Number.isNaN(mean.values[0])) closure = mean.values[0] - reading.value
    }
  }
  return { ...reading, unit: baseline.unit, depth, cell, closure }
}

/** A model that could not be looked at, with why. */
export function faultyModel(of: InspectedModel['of'], thrown: unknown): InspectedModel {
  const { code, message } = asLoamError(thrown)
  return {
    of,
    unit: '',
    prediction: null,
    reason: null,
    reasonText: '',
    interval: null,
    coarse: null,
    dissimilarity: null,
    predictors: [],
    fault: { code, message },
  }
}
