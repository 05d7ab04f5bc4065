import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, Day, GridWindow, KrigedStations } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'
import {
  bestFit,
  checkVariogram,
  describeVariogram,
  formatVariogram,
  krige,
  pooledVariogram,
  variogramPart,
} from '../geostatistics/index.ts'
import type { KrigingSystem, VariogramModel } from '../geostatistics/index.ts'
import { cellCentres, crsName, metresPerUnit, transformPoints } from '../raster/index.ts'
import type { RasterReader } from '../raster/index.ts'
import { blankBlock, firstReasons, uniformBlock } from './blocks.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { readInputs } from './derive.ts'
import type { Field } from './field.ts'
import { diagnoseDay, fewestPerDay, neighboursOf, pooledDays, prepareDay, solveDay } from './kriged-day.ts'
import type { KrigingDiagnosis, PreparedDay, StationKriging } from './kriged-day.ts'
import { stationDays } from './station-days.ts'
import { stationSource } from './station-weather.ts'

/** A day's stations with their solved system, which all tiles of the day share. */
interface SolvedDay extends PreparedDay {
  readonly system: KrigingSystem | null
}

/** Days that stay solved, per raster reader. */
const mostSolved = 8
const solvedDays = new WeakMap<RasterReader, Map<string, Promise<SolvedDay>>>()
const diagnoses = new WeakMap<object, (day: Day, signal?: AbortSignal) => Promise<KrigingDiagnosis>>()

/** Station values of a day kriged to any grid: simple with `mean`, universal with drift, else ordinary; from all stations or the
 *  nearest; at points or over blocks. With `residualsOf` what they differ from a field is kriged and added to it. Drift and that field
 *  are read at the stations on their own cells, and on the cells that are asked for.
 *  @throws unit_mismatch, unknown_name, no_dates, bad_table when no station has a place, unsupported_grid for degrees, bad_recipe, bad_input for a
 *  model that is none
 *  Source: Webster & Oliver (2007), Geostatistics for Environmental Scientists, ch. 8–9. */
export function krigedStations(expression: KrigedStations, at: Compiling): CompiledField {
  const { mean, block, greatCircle = false, output = 'prediction', variogram = 'pooled' } = expression
  const source = stationSource(expression.kriged, at)
  const table = source.daily(expression.variable, expression.depth)
  const names = Object.keys(expression.drift ?? {})
  const drift = names.map((name) => at.inner(expression.drift![name], `drift.${name}`))
  const base = expression.residualsOf === undefined ? null : at.inner(expression.residualsOf, 'residualsOf')
  checkTogether(expression, names, drift, at)
  if (base) checkBase(base, expression, table.unit, at)
  const days = stationDays(expression, table, at)
  const model = Array.isArray(variogram) ? modelOf(variogram) : null
  const bare = { expression, days, drift, base }
  const pooled = model || variogram === 'perDay' || drift.length > 0 || base ? null : pooledModel(bare)
  const kriging: StationKriging = { ...bare, model: model ?? pooled }

  // What a day's system has to tell apart: the mean and the drift, and for its own variogram enough pairs.
  const fewest = variogram === 'perDay' ? fewestPerDay : mean === undefined ? 1 + 2 * drift.length : 1
  const isServed = (day: Day): boolean =>
    days.valuesOn(day).x.length >= fewest && (base === null || base.absence(day) === reasonCodes.none)
  const times = expression.static ? 'static' : days.times.filter(isServed)
  if (times.length === 0 || (expression.static && days.valuesOn('' as Day).x.length < fewest))
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": no date has values at ${fewest} stations or more${base ? ` and of ${base.lineage}` : ''}, which kriging needs here. Give more stations, less drift, or a pooled variogram.`,
      { field: at.path },
    )
  const isDated = !expression.static
  const settings = {
    form: 'kriged/1',
    crs: days.crs,
    mean: mean ?? null,
    block: block ?? null,
    neighbours: expression.neighbours ?? null,
    maxDistance: expression.maxDistance ?? null,
    greatCircle,
    // Fitted numbers decide as much as given ones; where they come later, what they are fitted to.
    variogram: kriging.model
      ? formatVariogram(kriging.model, 15)
      : variogram === 'perDay' || expression.static
        ? 'perDay'
        : {
            pooled: source.hash,
            period: expression.period ?? null,
            drift: drift.map((field) => field.id),
            ...(base ? { residualsOf: base.id } : {}),
          },
  }
  const identityOf = (day: Day): Record<string, unknown> => {
    const { x, y, values } = days.valuesOn(day)
    return {
      ...settings,
      points: [...x.keys()].map((i) => [x[i], y[i], values[i]]),
      drift: drift.map((field) => field.idOn(day)),
      ...(base ? { base: base.idOn(day) } : {}),
    }
  }
  const absence = (day: Day): number => {
    const { length } = days.valuesOn(day).x
    if (isDated && length < fewest) return length === 0 ? reasonCodes.no_observation : reasonCodes.too_few_neighbours
    for (const field of base ? [base, ...drift] : drift) {
      const reason = field.absence(day)
      if (reason !== reasonCodes.none) return reason
    }
    return reasonCodes.none
  }
  const field = makeField(
    {
      unit: output === 'variance' ? `(${table.unit})²` : table.unit,
      kind: 'continuous',
      times,
      nativeGrid: null,
      lineage: lineageOf(kriging, table.variable, table.depth, names),
      identity: expression.static
        ? { ...identityOf('' as Day), output, static: true }
        : {
            ...settings,
            output,
            source: source.hash,
            variable: table.variable,
            depth: table.depth,
            drift: drift.map((each) => each.id),
            ...(base ? { residualsOf: base.id } : {}),
          },
      identityOn: (day) => ({ ...identityOf(day), output }),
      absence,
      async compute(window, day, signal) {
        const key = hashJson({ ...identityOf(day), output })
        return krigeWindow(kriging, await solvedOn(kriging, key, day, at.context.reader, signal), window, day, signal)
      },
    },
    at,
  )
  diagnoses.set(field, (day, signal) => diagnoseDay(kriging, day, signal))
  return field
}

/** The model of a kriged field on a day, and how well it predicts each station from the others; null for other fields.
 *  @throws too_few_rows when the stations of the day give no variogram */
export function krigingDiagnosis(field: Field, day: Day, signal?: AbortSignal): Promise<KrigingDiagnosis> | null {
  return diagnoses.get(field)?.(day, signal) ?? null
}

function checkTogether(
  { mean, block, greatCircle, static: isStatic }: KrigedStations,
  names: readonly string[],
  drift: readonly CompiledField[],
  at: Compiling,
): void {
  const refuse = (text: string): never => {
    throw new LoamError('bad_recipe', `Field "${at.path}": ${text}`, { field: at.path })
  }
  if (mean !== undefined && drift.length > 0) refuse('a known mean takes no drift. Leave `mean` or `drift` out.')
  if (block !== undefined && greatCircle)
    refuse('blocks are in the plane. Leave `block` out, or give a projected `crs`.')
  drift.forEach((field, i) => {
    if (field.kind !== 'continuous')
      refuse(
        `drift "${names[i]}" is ${field.kind}; a mean can depend on a plain quantity only. Turn it into one first.`,
      )
    if (isStatic && Array.isArray(field.times))
      refuse(
        `drift "${names[i]}" changes in time, the kriged values are without dates. Leave \`static\` out, or take a static field.`,
      )
  })
}

function checkBase(
  base: CompiledField,
  { static: isStatic, variable, kriged }: KrigedStations,
  unit: string,
  at: Compiling,
): void {
  if (base.kind !== 'continuous')
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}": ${base.lineage} is ${base.kind}; residuals are of a plain quantity. Turn it into one first.`,
      { field: at.path },
    )
  if (isStatic && Array.isArray(base.times))
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}": ${base.lineage} changes in time, the kriged values are without dates. Leave \`static\` out, or take a static field.`,
      { field: at.path },
    )
  if (base.unit !== '' && unit !== '' && base.unit !== unit)
    throw new LoamError(
      'unit_mismatch',
      `Field "${at.path}": ${variable} of "${kriged}" is in "${unit}", the field of its residuals in "${base.unit}". Bring that field to the unit of the stations with a formula.`,
      { field: at.path },
    )
}

function modelOf(rows: Exclude<KrigedStations['variogram'], string | undefined>): VariogramModel {
  const model = rows.map(variogramPart)
  checkVariogram(model)
  return model
}

/** Fitted at once, so that the lineage can name it; null where there are too few points or no variation. */
function pooledModel(kriging: Omit<StationKriging, 'model'>): VariogramModel | null {
  const { days, expression } = kriging
  const dates = expression.static ? [days.valuesOn('' as Day)] : pooledDays(kriging).map((day) => days.valuesOn(day))
  try {
    return bestFit(pooledVariogram(dates, { greatCircle: expression.greatCircle })).model
  } catch (thrown) {
    const isOfData = thrown instanceof LoamError && (thrown.code === 'too_few_rows' || thrown.code === 'bad_input')
    if (!isOfData) throw thrown
    throw new LoamError(
      thrown.code,
      `No variogram can be fitted to ${expression.variable} of "${expression.kriged}": ${thrown.message} Or give the rows of a model as \`variogram\`.`,
    )
  }
}

function lineageOf(
  { expression, days, drift, base, model }: StationKriging,
  variable: string,
  depth: [number, number] | null,
  names: readonly string[],
): string {
  const { kriged, mean, block, maxDistance, greatCircle, output, period } = expression
  const when = expression.static ? 'mean' : 'daily'
  const where = depth ? ` at ${depth[0]}–${depth[1]} m` : ''
  const within = expression.static && period ? ` from ${period.from} to ${period.to}` : ''
  const method =
    mean !== undefined ? `simple kriging, mean ${mean}` : drift.length > 0 ? 'universal kriging' : 'ordinary kriging'
  const mostNeighbours = neighboursOf(expression, days.placed)
  const length = greatCircle || metresPerUnit(days.crs) === 1 ? 'm' : 'CRS units'
  const variogramWords = model
    ? `${describeVariogram(model, length)}${Array.isArray(expression.variogram) ? ' (given)' : expression.static ? ' (fitted)' : ' (fitted to all dates, pairs within a date)'}`
    : `fitted ${expression.variogram === 'perDay' || expression.static ? 'for each date' : 'to all dates'}${base ? ' to the residuals' : ''}${drift.length > 0 ? ' to what the drift leaves' : ''}, with a nugget and the best of spherical, exponential and Matérn`
  const observed = `${when} ${variable}${where}${within} of ${days.placed} stations (${kriged})`
  const made = `${output === 'variance' ? 'variance of ' : ''}${method}`
  return [
    base ? residualWords(base.lineage, observed, made, output) : `${observed}, ${made}`,
    drift.length > 0 ? ` with drift in ${drift.map((field, i) => `${names[i]} (${field.lineage})`).join(', ')}` : '',
    greatCircle ? ' along great circles' : ` in ${crsName(days.crs)}`,
    mostNeighbours === undefined ? '' : ` from the ${mostNeighbours} nearest stations`,
    maxDistance === undefined ? '' : ` within ${maxDistance} ${length}`,
    block === undefined
      ? ''
      : ` over blocks of ${Array.isArray(block) ? block.join(' × ') : `${block} × ${block}`} ${length}`,
    `; variogram ${variogramWords}`,
    base ? '; if that field was learned from these stations, their residuals and the variance are too small' : '',
  ].join('')
}

function residualWords(base: string, observed: string, made: string, output: KrigedStations['output']): string {
  return output === 'variance'
    ? `what ${observed} differ from ${base}, ${made} of the residuals alone`
    : `regression kriging: ${base}, plus what ${observed} differ from it, ${made} of the residuals`
}

/** The day solved, once for all who ask while it is held. */
function solvedOn(
  kriging: StationKriging,
  key: string,
  day: Day,
  reader: RasterReader,
  signal?: AbortSignal,
): Promise<SolvedDay> {
  if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
  let held = solvedDays.get(reader)
  if (!held) solvedDays.set(reader, (held = new Map()))
  const found = held.get(key)
  held.delete(key)
  // Without the signal: others may wait for the same day.
  const solved = found ?? solve(kriging, day)
  held.set(key, solved)
  if (!found) solved.catch(() => held.delete(key))
  for (const oldest of held.keys()) if (held.size > mostSolved) held.delete(oldest)
  return solved
}

async function solve(kriging: StationKriging, day: Day): Promise<SolvedDay> {
  const prepared = await prepareDay(kriging, day)
  const { model, points } = prepared
  return { ...prepared, system: model && points.x.length > 0 ? await solveDay(kriging, prepared, model) : null }
}

/** Kriged values of the stations; with a base it is added to what is kriged of their residuals, and where it has no value there is
 *  neither prediction nor variance. */
async function krigeWindow(
  kriging: StationKriging,
  solved: SolvedDay,
  window: GridWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block> {
  const { base, expression } = kriging
  const kriged = await krigePoints(kriging, solved, window, day, signal)
  if (!base) return kriged
  const { values, reasons } = kriged
  const [under] = await readInputs([base], window, day, signal)
  for (let i = 0; i < values.length; i++) {
    if (under.reasons[i] !== reasonCodes.none) {
      values[i] = Number.NaN
      reasons[i] = under.reasons[i]
    } else if (expression.output !== 'variance') values[i] += under.values[i]
  }
  return kriged
}

async function krigePoints(
  { drift, days, expression }: StationKriging,
  { system, isFlat, points }: SolvedDay,
  window: GridWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block> {
  if (!system) {
    // Equal values everywhere, such as a day without rain, have no variogram and need none.
    if (isFlat && points.x.length > 0)
      return uniformBlock(window, expression.output === 'variance' ? 0 : points.values[0])
    return blankBlock(window, reasonCodes.too_few_neighbours)
  }
  const { x, y } = cellCentres(window)
  transformPoints(window.grid.crs, days.crs, x, y)
  const blocks = await readInputs(drift, window, day, signal)
  const columns = blocks.map((block) => Float64Array.from(block.values))
  const found = await krige(system, { x, y, drift: columns }, { signal })
  const values = Float32Array.from(expression.output === 'variance' ? found.variance! : found.prediction)
  const reasons = firstReasons(blocks, values.length)
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) values[i] = Number.NaN
    if (!Number.isNaN(values[i])) reasons[i] = reasonCodes.none
    else if (reasons[i] === reasonCodes.none)
      reasons[i] = Number.isFinite(x[i] + y[i]) ? reasonCodes.too_few_neighbours : reasonCodes.outside_source
  }
  return { rows: window.rows, cols: window.cols, values, reasons }
}
