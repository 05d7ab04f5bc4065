import { LoamError } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { compileField, predictorChecks } from '../fields/index.ts'
import type { Field, FieldContext, StationSource } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import type { RasterReader } from '../raster/index.ts'
import type { DailyTable } from '../stations/index.ts'
import { ownStationWarnings } from './own-stations.ts'
import type { Plan, StationInput } from './plan.ts'
import { residualStep } from './residual-step.ts'
import type { ResidualStep } from './residual-step.ts'

/** Everything a run reads, compiled from its plan. */
export interface RunFields {
  readonly predictors: readonly Field[]
  /** The coarse target; null when the target is stations. */
  readonly target: Field | null
  /** Daily values of the target's stations; null when the target is a raster. */
  readonly targetTable: DailyTable | null
  targetIdOn(day: Day): string
  /** How much each training row counts; null: all alike. */
  readonly weight: Field | null
  /** The coarse product a fine map has to beat, and the grid its plain value is taken on; null when there is none. */
  readonly baseline: Field | null
  readonly baselineGrid: Grid | null
  /** Correction of the maps to the coarse product; null when the recipe has none. */
  readonly residual: ResidualStep | null
  /** What each validation of the recipe compares with. */
  readonly references: readonly Reference[]
  /** Doubts about the predictors, to show the user. */
  readonly warnings: readonly string[]
  referenceIdOn(validation: number, day: Day): string
}

export type Reference =
  | { readonly from: 'stations'; readonly table: DailyTable }
  | { readonly from: 'raster'; readonly field: Field }

type PlanInputs = Pick<Plan, 'recipe' | 'fineGrid' | 'trainingGrid' | 'datasets'>

/** Compiles every field of a run.
 *  @throws what `compileField` throws for an expression that cannot be met by the datasets */
export function compileRunFields(
  plan: PlanInputs,
  stations: Map<string, StationSource>,
  reader: RasterReader,
): RunFields {
  const { recipe } = plan
  const context: FieldContext = {
    named: recipe.fields,
    datasets: new Map(plan.datasets.map((dataset) => [dataset.name, dataset])),
    stations,
    reader,
    minValidFraction: recipe.minValidFraction,
    crs: plan.fineGrid.crs,
  }
  const predictors = Object.entries(recipe.predictors).map(([name, expression]) =>
    compileField(name, expression, context),
  )
  const { weight: weights } = recipe.training
  const weight = weights === undefined ? null : compileField('weight', weights, context)
  const warnings = [...predictorChecks(predictors), ...ownStationWarnings(recipe)]
  const target = 'raster' in recipe.target ? compileField('target', recipe.target.raster, context) : null
  const targetTable =
    'stations' in recipe.target
      ? stationSource(stations, recipe.target.stations).daily(recipe.target.variable, recipe.target.depth)
      : null
  warnings.push(...unitDoubts(targetTable?.unit ?? target?.unit ?? '', recipe.product.unit))
  const baseline = recipe.baseline !== undefined ? compileField('coarse product', recipe.baseline, context) : target
  const baselineGrid =
    recipe.baseline === undefined && plan.trainingGrid ? plan.trainingGrid : (baseline?.nativeGrid ?? null)
  const references = recipe.validation.map(
    (spec): Reference =>
      'stations' in spec
        ? { from: 'stations', table: stationSource(stations, spec.stations).daily(spec.variable, spec.depth) }
        : { from: 'raster', field: compileField(spec.name, spec.raster, context) },
  )
  return {
    predictors,
    target,
    targetTable,
    weight,
    targetIdOn: (day) => (target ? target.idOn(day) : tableIdOn(targetTable!, day)),
    baseline,
    baselineGrid,
    residual: residualStep(recipe, plan.fineGrid, baseline, baselineGrid),
    references,
    warnings,
    referenceIdOn(validation, day) {
      const reference = references[validation]
      return reference.from === 'raster' ? reference.field.idOn(day) : tableIdOn(reference.table, day)
    },
  }
}

/** The daily tables of a plan's station inputs as sources for fields. */
export function planStationSources(inputs: Map<string, StationInput & { hash: string }>): Map<string, StationSource> {
  const sources = new Map<string, StationSource>()
  for (const [name, { set, tables, hash }] of inputs)
    sources.set(name, {
      set,
      hash,
      daily(variable, depth) {
        const found = tables.find((table) => table.variable === variable && matchesDepth(table, depth))
        if (found) return found
        throw new LoamError(
          'unknown_name',
          `The run's inputs hold no daily values of "${variable}" of station set "${name}". Make the plan again.`,
        )
      },
    })
  return sources
}

function matchesDepth(table: DailyTable, depth: [number, number] | undefined): boolean {
  return depth === undefined || (table.depth !== null && table.depth[0] === depth[0] && table.depth[1] === depth[1])
}

function stationSource(stations: Map<string, StationSource>, name: string): StationSource {
  const source = stations.get(name)
  if (source) return source
  const known = [...stations.keys()].join(', ') || 'none'
  throw new LoamError(
    'unknown_name',
    `The recipe asks for station set "${name}"; the project has: ${known}. Add it with \`loam add stations\`, or mend the name.`,
    { name },
  )
}

/** Identity of one day of a station table: places and that day's values. */
function tableIdOn(table: DailyTable, day: Day): string {
  const column = table.days.indexOf(day)
  const days = table.days.length
  return hashJson({
    crs: table.crs,
    variable: table.variable,
    depth: table.depth,
    stations: table.stations.map((station, i) => {
      const value = column < 0 ? Number.NaN : table.values[i * days + column]
      return [station.id, station.x, station.y, Number.isNaN(value) ? null : value]
    }),
  })
}

/** Nothing is converted on the way, so the maps are in the unit of the target, whatever the recipe calls it. */
function unitDoubts(target: string, product: string): string[] {
  if (target === '' || target === product) return []
  return [`The target is in "${target}", but \`product.unit\` says "${product}": the maps are not converted.`]
}
