import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Day, KrigedStations } from '../../contract/index.ts'
import {
  bestFit,
  driftResiduals,
  empiricalVariogram,
  leaveOneOut,
  pooledVariogram,
  solveKriging,
} from '../geostatistics/index.ts'
import type {
  EmpiricalVariogram,
  FittedVariogram,
  KrigingSystem,
  LeaveOneOutScores,
  PointValues,
  VariogramModel,
} from '../geostatistics/index.ts'
import type { CompiledField } from './compiled-field.ts'
import type { StationDays } from './station-days.ts'
import { valuesAtPlaces } from './station-drift.ts'

/** Fewer stations than this give no variogram of their own. */
export const fewestPerDay = 10
/** From more stations than this cells are kriged from the nearest only: all of them would cost some 100 µs a cell. */
const mostForAll = 1000
const neighboursBeyond = 32
/** The same where a largest distance makes a system for each cell. */
const mostWithin = 100
/** Pairs of a pooled variogram: more dates than give these are thinned evenly. */
const mostPairs = 5e6
/** Dates of a pooled variogram with drift or a base, which are read at the stations on each. */
const mostDriftDays = 60

/** What is known of a day's stations, ready to be solved. */
export interface PreparedDay {
  /** Their values, or residuals from the base. */
  readonly points: PointValues
  /** Float64Array[points] each. */
  readonly drift: readonly Float64Array[]
  /** null when a day's own variogram cannot be told, or when all values are equal and it has none. */
  readonly model: VariogramModel | null
  readonly isFlat: boolean
}

/** Everything that decides how stations are kriged on a day. */
export interface StationKriging {
  readonly expression: KrigedStations
  readonly days: StationDays
  readonly drift: readonly CompiledField[]
  /** Field of which the stations' residuals are kriged; null where their values are. */
  readonly base: CompiledField | null
  /** The model of all days; null where each day, or the drift, has to be read for it. */
  readonly model: VariogramModel | null
}

/** Places and drift of a day's stations and the variogram to krige them with; stations without drift or base are left out. */
export async function prepareDay(kriging: StationKriging, day: Day, signal?: AbortSignal): Promise<PreparedDay> {
  const { expression, days } = kriging
  const { points, drift } = await withDrift(kriging, days.valuesOn(day), day, signal)
  const isFlat = points.values.every((value) => value === points.values[0])
  if (kriging.model) return { points, drift, model: kriging.model, isFlat }
  if (!hasOwnModels(kriging)) return { points, drift, model: (await pooledFit(kriging, signal)).model, isFlat }
  const residuals = { ...points, values: driftResiduals(points.values, drift) }
  return { points, drift, model: isFlat ? null : ownModel(residuals, expression.greatCircle), isFlat }
}

const hasOwnModels = ({ expression }: StationKriging): boolean =>
  expression.variogram === 'perDay' || expression.static === true

/** null where a day's stations are too few, or too alike, for a variogram. */
function ownModel(points: PointValues, greatCircle?: boolean): VariogramModel | null {
  try {
    return bestFit(empiricalVariogram(points, { greatCircle })).model
  } catch (thrown) {
    const isOfDay = thrown instanceof LoamError && (thrown.code === 'too_few_rows' || thrown.code === 'bad_input')
    if (!isOfDay) throw thrown
    return null
  }
}

export async function solveDay(
  { expression }: StationKriging,
  { points, drift }: PreparedDay,
  model: VariogramModel,
): Promise<KrigingSystem> {
  const { mean, block, greatCircle, maxDistance, output = 'prediction' } = expression
  return solveKriging(points, model, {
    mean,
    drift,
    neighbours: neighboursOf(expression, points.x.length),
    maxDistance,
    block: typeof block === 'number' ? [block, block] : block,
    greatCircle,
    variance: output === 'variance',
    // Parts of a run are computed side by side; each takes one thread.
    threads: 1,
  })
}

export interface KrigingDiagnosis {
  /** What is kriged in. */
  readonly crs: string
  /** Of the day's stations where each day has its own model, else of all days: what the model is, or would be, fitted to. Under a
   *  drift of its residuals, with a base of those from it. */
  readonly empirical: EmpiricalVariogram
  readonly model: VariogramModel
  /** One for each place with a value, in the CRS that is kriged in. */
  readonly points: PointValues
  readonly scores: LeaveOneOutScores
}

/** A day's model and what leaving each station out tells of it.
 *  @throws too_few_rows when the day has no model */
export async function diagnoseDay(kriging: StationKriging, day: Day, signal?: AbortSignal): Promise<KrigingDiagnosis> {
  const { mean, greatCircle, maxDistance } = kriging.expression
  const { points, drift, model } = await prepareDay(kriging, day, signal)
  if (!model)
    throw new LoamError(
      'too_few_rows',
      `On ${day} ${points.x.length} stations with a value give no variogram. Choose another date, or give the model.`,
      { day },
    )
  const neighbours = neighboursOf(kriging.expression, points.x.length)
  return {
    crs: kriging.days.crs,
    empirical: hasOwnModels(kriging)
      ? empiricalVariogram({ ...points, values: driftResiduals(points.values, drift) }, { greatCircle })
      : await pooledSample(kriging, signal),
    model,
    points,
    scores: await leaveOneOut(points, model, { mean, drift, neighbours, maxDistance, greatCircle, signal }),
  }
}

export function neighboursOf({ neighbours, maxDistance }: KrigedStations, stations: number): number | undefined {
  const most = maxDistance === undefined ? mostForAll : mostWithin
  return neighbours ?? (stations > most ? neighboursBeyond : undefined)
}

async function withDrift(
  { drift, base, days: { crs } }: StationKriging,
  all: PointValues,
  day: Day,
  signal?: AbortSignal,
): Promise<{ points: PointValues; drift: Float64Array[] }> {
  const atPlaces = (field: CompiledField): Promise<Float64Array> =>
    valuesAtPlaces(field, crs, all.x, all.y, day, signal)
  const columns = await Promise.all(drift.map(atPlaces))
  const trend = base && (await atPlaces(base))
  const points = trend ? { ...all, values: all.values.map((value, i) => value - trend[i]) } : all
  const kept = [...points.x.keys()].filter(
    (i) => Number.isFinite(points.values[i]) && columns.every((column) => Number.isFinite(column[i])),
  )
  const take = (column: Float64Array): Float64Array => Float64Array.from(kept, (i) => column[i])
  return {
    points: { x: take(points.x), y: take(points.y), values: take(points.values) },
    drift: columns.map(take),
  }
}

/** Dates that a pooled variogram is made of: all, or evenly spaced ones where there are too many pairs. */
export function pooledDays({ expression, days, drift, base }: Omit<StationKriging, 'model'>): Day[] {
  const { period } = expression
  const inPeriod = days.times.filter(
    (day) => (!period || (day >= period.from && day <= period.to)) && (!base || base.absence(day) === reasonCodes.none),
  )
  const pairs = inPeriod.reduce((sum, day) => sum + days.valuesOn(day).x.length ** 2 / 2, 0)
  const most = Math.max(
    1,
    Math.min(drift.length > 0 || base ? mostDriftDays : Infinity, Math.floor((inPeriod.length * mostPairs) / pairs)),
  )
  const step = Math.ceil(inPeriod.length / most)
  return inPeriod.filter((_, i) => i % step === 0)
}

const pooledSamples = new WeakMap<StationKriging, Promise<EmpiricalVariogram>>()

function pooledSample(kriging: StationKriging, signal?: AbortSignal): Promise<EmpiricalVariogram> {
  let sample = pooledSamples.get(kriging)
  if (!sample) pooledSamples.set(kriging, (sample = samplePooled(kriging)))
  // What was stopped or failed is tried anew.
  sample.catch(() => pooledSamples.delete(kriging))
  if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
  return sample
}

async function samplePooled(kriging: StationKriging): Promise<EmpiricalVariogram> {
  const dates: PointValues[] = []
  for (const day of pooledDays(kriging)) {
    const { points, drift } = await withDrift(kriging, kriging.days.valuesOn(day), day)
    if (points.x.length > (drift.length > 0 ? drift.length + 2 : 1))
      dates.push({ ...points, values: driftResiduals(points.values, drift) })
  }
  return pooledVariogram(dates, { greatCircle: kriging.expression.greatCircle })
}

const pooledFits = new WeakMap<EmpiricalVariogram, FittedVariogram>()

async function pooledFit(kriging: StationKriging, signal?: AbortSignal): Promise<FittedVariogram> {
  const sample = await pooledSample(kriging, signal)
  let fit = pooledFits.get(sample)
  if (!fit) pooledFits.set(sample, (fit = bestFit(sample)))
  return fit
}
