import { LoamError, addDays, dayFromNumber, dayNumber } from '../contract/index.ts'
import type {
  ChartFilter,
  Day,
  PairDensity,
  StationComparison,
  Subject,
  ValidationPairs,
  ValidationSummary,
} from '../contract/index.ts'
import { validationIndex } from '../engine/runs/index.ts'
import type { GatheredPairs, RunContext } from '../engine/runs/index.ts'
import { errorBoxes, score, scoreTable } from '../engine/validation/index.ts'
import { choosePairs } from './chosen-pairs.ts'
import type { ValidationShelf } from './validation-shelf.ts'

/** What each reference of a run is, and the fine map's scores at each of its stations. */
export async function listValidations(shelf: ValidationShelf, folder: string): Promise<ValidationSummary[]> {
  const run = await shelf.run(folder)
  const { recipe } = run.plan
  const out: ValidationSummary[] = []
  for (const [index, spec] of recipe.validation.entries()) {
    const reference = run.fields.references[index]
    const { pairs, day } = await shelf.pairs(folder, index)
    const table = reference.from === 'stations' ? reference.table : null
    const names = table?.stations.map(({ id }) => id)
    const options = { validation: spec.name, subject: 'fine map', measured: spec.measured, seed: recipe.seed }
    const rows = names
      ? scoreTable({ ...pairs, groupNames: names, day }, { ...options, by: ['station'], resamples: 0 })
      : []
    const scoresOf = new Map(rows.map((row) => [row.part.replace(/^station:/, ''), row.scores]))
    const days = day.length > 0 ? [day[0], day[day.length - 1]].map(dayFromNumber) : [null, null]
    out.push({
      name: spec.name,
      measured: spec.measured,
      from: reference.from,
      reference: reference.from === 'stations' ? reference.table.set : reference.field.lineage,
      unit: recipe.product.unit,
      depth: table?.depth ?? null,
      targetDepth: recipe.target.depth ?? null,
      pairs: pairs.group.length,
      firstDay: days[0],
      lastDay: days[1],
      hasCoarse: pairs.coarse.some((value) => !Number.isNaN(value)),
      crs: table?.crs ?? null,
      predictors: table ? run.fields.predictors.map(({ name, unit, kind }) => ({ name, unit, kind })) : [],
      stations: (table?.stations ?? []).map(({ id, name, x, y }) => ({
        id,
        name,
        x,
        y,
        scores: scoresOf.get(id) ?? null,
      })),
    })
  }
  return out
}

interface PairQuery {
  readonly subject: Subject
  readonly station?: string
  readonly filter: ChartFilter
}

const mostPoints = 5000
const bins = 60

/** Pairs of one reference that pass the filter: scores with intervals, density, points where they are few, residuals, and how
 *  errors are spread in groups. Bins are those of all pairs, so that a brush moves no axis. */
export async function validationPairs(
  shelf: ValidationShelf,
  folder: string,
  name: string,
  { subject, station, filter }: PairQuery,
): Promise<ValidationPairs> {
  const run = await shelf.run(folder)
  const index = validationIndex(run, name)
  const { recipe } = run.plan
  const { pairs, day } = await shelf.pairs(folder, index)
  const only = station === undefined ? -1 : stationNumber(stationsOf(run, index), station)
  const { all, kept, within, ignored, columns, table } = await choosePairs(shelf, folder, index, {
    subject,
    station: only,
    filter,
  })
  const residual = columns.observed.map((value, i) => value - columns.predicted[i])
  const bySubject = { fine: pairs.predicted, coarse: pairs.coarse, smoothed: pairs.smoothed }
  const values = bySubject[subject]
  const take = (from: ArrayLike<number>, rows: Int32Array) => Float64Array.from(rows, (i) => from[i])
  const predicted = take(values, kept)
  const observed = take(pairs.observed, kept)
  // At one station the bootstrap draws its months: the interval then tells of time, not of places.
  const groupOf = (rows: Int32Array) =>
    Int32Array.from(rows, (i) => (only < 0 ? pairs.group[i] : Math.floor(day[i] / 30)))
  // As the run scores them: all on the same pairs.
  const hasCoarse = pairs.coarse.some((value) => !Number.isNaN(value))
  const compared = (['fine', 'coarse', 'smoothed'] as const).filter((of) => of === 'fine' || hasCoarse)
  const common = kept.filter((i) => compared.every((of) => !Number.isNaN(bySubject[of][i])))
  const options = { seed: recipe.seed }
  return {
    subject,
    unit: recipe.product.unit,
    measured: recipe.validation[index].measured,
    scores: score(predicted, observed, groupOf(kept), options),
    subjects: compared.map((of) => ({
      subject: of,
      scores: score(take(bySubject[of], common), take(pairs.observed, common), groupOf(common), options),
    })),
    of: all.length,
    ignored,
    boxes: errorBoxes({
      errors: predicted.map((value, i) => value - observed[i]),
      day: take(day, kept),
      group: take(pairs.group, kept),
      names: table?.stations ?? null,
    }),
    months: monthErrors(pairs, day, common),
    density: densityOf(columns, within),
    points:
      kept.length > mostPoints
        ? null
        : Array.from(kept, (i, k) => ({
            observed: observed[k],
            predicted: predicted[k],
            day: dayFromNumber(day[i]),
            station: table ? table.stations[pairs.group[i]].id : null,
          })),
    residuals: residualsOf(residual, within),
  }
}

/** One station through all days from the first to the last of its pairs. */
export async function stationComparison(
  shelf: ValidationShelf,
  folder: string,
  name: string,
  station: string,
): Promise<StationComparison> {
  const run = await shelf.run(folder)
  const index = validationIndex(run, name)
  const { pairs, day } = await shelf.pairs(folder, index)
  const group = stationNumber(stationsOf(run, index), station)
  const { productDays, recipe } = run.plan
  const days: Day[] = []
  for (let at = productDays[0]; at <= productDays[productDays.length - 1]; at = addDays(at, 1)) days.push(at)
  const place = new Map(days.map((each, i) => [dayNumber(each), i]))
  const gaps = (): (number | null)[] => days.map(() => null)
  const [observed, fine, coarse] = [gaps(), gaps(), gaps()]
  const orGap = (value: number): number | null => (Number.isNaN(value) ? null : value)
  for (let i = 0; i < day.length; i++) {
    const at = place.get(day[i])
    if (pairs.group[i] !== group || at === undefined) continue
    observed[at] = orGap(pairs.observed[i])
    fine[at] = orGap(pairs.predicted[i])
    coarse[at] = orGap(pairs.coarse[i])
  }
  return { station, unit: recipe.product.unit, days, observed, fine, coarse }
}

function stationsOf(run: RunContext, index: number): readonly { readonly id: string }[] | null {
  const reference = run.fields.references[index]
  return reference.from === 'stations' ? reference.table.stations : null
}

function stationNumber(stations: readonly { readonly id: string }[] | null, id: string): number {
  const number = stations?.findIndex((station) => station.id === id) ?? -1
  if (number >= 0) return number
  throw new LoamError(
    'unknown_name',
    stations
      ? `This reference has no station "${id}". It has ${stations
          .slice(0, 10)
          .map((each) => each.id)
          .join(', ')}${stations.length > 10 ? ', …' : ''}.`
      : 'This reference is a raster; it has no stations.',
    { station: id },
  )
}

function monthErrors(
  { predicted, observed, coarse }: GatheredPairs['pairs'],
  day: Int32Array,
  common: Int32Array,
): ValidationPairs['months'] {
  const rows = new Map<string, number[]>()
  for (const i of common) {
    const month = dayFromNumber(day[i]).slice(0, 7)
    const own = rows.get(month)
    if (own) own.push(i)
    else rows.set(month, [i])
  }
  const rmse = (of: Float32Array, members: readonly number[]): number =>
    Math.sqrt(members.reduce((sum, i) => sum + (of[i] - observed[i]) ** 2, 0) / members.length)
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, members]) => {
      const ofCoarse = rmse(coarse, members)
      return {
        month,
        n: members.length,
        fine: rmse(predicted, members),
        coarse: Number.isNaN(ofCoarse) ? null : ofCoarse,
      }
    })
}

function densityOf(
  { observed, predicted }: { readonly observed: Float64Array; readonly predicted: Float64Array },
  kept: Int32Array,
): PairDensity {
  let [low, high] = [Infinity, -Infinity]
  for (const values of [predicted, observed])
    for (const value of values) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  if (!(low < high)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1]
  const bin = (value: number): number => Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))
  const count = (rows: Iterable<number>): number[] => {
    const counts = new Array<number>(bins * bins).fill(0)
    for (const i of rows) counts[bin(predicted[i]) * bins + bin(observed[i])]++
    return counts
  }
  return { n: kept.length, low, high, size: bins, counts: count(kept), all: count(observed.keys()) }
}

/** 41 bins that are symmetric about 0, so that a bias is seen. */
function residualsOf(residual: Float64Array, kept: Int32Array): ValidationPairs['residuals'] {
  const size = 41
  let most = 0
  for (const value of residual) most = Math.max(most, Math.abs(value))
  if (most === 0) most = 1
  const count = (rows: Iterable<number>): number[] => {
    const counts = new Array<number>(size).fill(0)
    for (const i of rows) counts[Math.min(size - 1, Math.floor(((residual[i] + most) / (2 * most)) * size))]++
    return counts
  }
  return { low: -most, high: most, counts: count(kept), all: count(residual.keys()) }
}
