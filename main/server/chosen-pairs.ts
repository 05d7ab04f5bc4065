import type { ChartFilter, FilterPart, Subject } from '../contract/index.ts'
import type { DailyTable } from '../engine/stations/index.ts'
import { filterRows } from '../engine/validation/index.ts'
import type { ValidationShelf } from './validation-shelf.ts'

export interface ChosenPairs {
  /** Numbers of the pairs the subject and the reference have values of, ascending. */
  readonly all: Int32Array
  /** Those of them that pass the filter, and their places in `all`. */
  readonly kept: Int32Array
  readonly within: Int32Array
  readonly ignored: readonly FilterPart[]
  /** Of `all`. */
  readonly columns: { readonly observed: Float64Array; readonly predicted: Float64Array }
  /** Null for a raster reference. */
  readonly table: DailyTable | null
}

/** Pairs of a reference that pass the filter of the charts. A predictor of the run that the filter names is read at the stations
 *  first; pairs of a raster carry no cell to read it in, so that part is told as ignored.
 *  @param station number of the only station, −1 for all
 *  @throws unknown_name; what reading throws */
export async function choosePairs(
  shelf: ValidationShelf,
  folder: string,
  index: number,
  { subject, station, filter }: { readonly subject: Subject; readonly station: number; readonly filter: ChartFilter },
): Promise<ChosenPairs> {
  const run = await shelf.run(folder)
  const { pairs, day } = await shelf.pairs(folder, index)
  const reference = run.fields.references[index]
  const table = reference.from === 'stations' ? reference.table : null
  const values = { fine: pairs.predicted, coarse: pairs.coarse, smoothed: pairs.smoothed }[subject]
  const all = Int32Array.from(day.keys()).filter(
    (i) => (station < 0 || pairs.group[i] === station) && !Number.isNaN(values[i]) && !Number.isNaN(pairs.observed[i]),
  )
  const take = (from: ArrayLike<number>) => Float64Array.from(all, (i) => from[i])
  const columns = { observed: take(pairs.observed), predicted: take(values) }
  const known = new Map<string, ArrayLike<number>>(
    Object.entries({ ...columns, residual: columns.observed.map((value, i) => value - columns.predicted[i]) }),
  )
  const isPredictor = (of: string) => !known.has(of) && run.fields.predictors.some(({ name }) => name === of)
  const wanted = (filter.ranges ?? []).filter(({ of }) => isPredictor(of)).map(({ of }) => of)
  if (table) for (const of of new Set(wanted)) known.set(of, take(await shelf.predictor(folder, index, of)))
  const found = filterRows(
    {
      count: all.length,
      day: take(day),
      place: take(pairs.group),
      places: table?.stations ?? null,
      crs: table?.crs ?? null,
      column: (of) => known.get(of),
    },
    table || wanted.length === 0
      ? filter
      : { ...filter, ranges: filter.ranges?.filter(({ of }) => !wanted.includes(of)) },
  )
  return {
    all,
    kept: Int32Array.from(found.kept, (i) => all[i]),
    within: found.kept,
    ignored: [...found.ignored, ...(!table && wanted.length > 0 ? (['predictors'] as const) : [])],
    columns,
    table,
  }
}
