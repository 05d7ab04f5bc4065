import { dayNumber, reasonNames } from '../../contract/index.ts'
import type { Day, Grid, GridWindow } from '../../contract/index.ts'
import { stackReader } from '../fields/index.ts'
import type { Field, Stack } from '../fields/index.ts'
import type { DailyTable } from '../stations/index.ts'
import { addTo, pickRows } from './join-samples.ts'
import type { SampleTable } from './sample-table.ts'
import { locateStations, stationWindows } from './station-windows.ts'
import type { LocatedStation } from './station-windows.ts'

export interface StationRowsOptions {
  readonly table: DailyTable
  readonly predictors: readonly Field[]
  /** How much each row counts, read where the predictors are; null or absent: all alike. */
  readonly weight?: Field | null
  readonly fineGrid: Grid
  readonly days: readonly Day[]
  readonly signal?: AbortSignal
}

/** One row per station and day on which the station and, in its fine cell, every predictor have a value. Every other
 *  pair of station and day is counted under its first lack: `place:unknown`, `place:outside_grid`,
 *  `target:no_observation`, `NDVI:masked`, `weight:no_data`, `weight:negative`. Rows and excluded add up to stations × days.
 *  Static predictors are read once. `cells` tells which stations share a fine cell. */
export async function rowsFromStations(options: StationRowsOptions): Promise<SampleTable> {
  const { table, predictors, weight, fineGrid, signal } = options
  const read = weight ? [...predictors, weight] : predictors
  const days = [...new Set(options.days)].sort()
  const { placed, unplaced } = locateStations(table, fineGrid)
  const excluded: Record<string, number> = {}
  for (const reason of unplaced.values()) addTo(excluded, reason, days.length)

  const observed = observedOn(table)
  const rows: Row[] = []
  for (const { window, stations } of stationWindows(fineGrid, placed)) {
    const readOn = predictorReader(read, window)
    for (const day of days) {
      const present = stations.filter(({ station }) => !Number.isNaN(observed(station, day)))
      addTo(excluded, 'target:no_observation', stations.length - present.length)
      if (present.length === 0) continue
      signal?.throwIfAborted()
      const stack = await readOn(day, signal)
      for (const place of present) {
        const cell = (place.row - window.row) * window.cols + (place.col - window.col)
        const missing = stack.missingField[cell]
        if (missing >= 0) addTo(excluded, `${read[missing].name}:${reasonNames[stack.reasons[cell]]}`, 1)
        else if (weight && stack.columns.at(-1)![cell] < 0) addTo(excluded, negativeWeight, 1)
        else
          rows.push({
            place,
            day: dayNumber(day),
            target: observed(place.station, day),
            values: stack.columns.map((column) => column[cell]),
          })
      }
    }
  }
  return tableOf(rows, options, excluded)
}

/** Reason of a row that would count less than nothing. */
export const negativeWeight = 'weight:negative'

interface Row {
  readonly place: LocatedStation
  readonly day: number
  readonly target: number
  readonly values: number[]
}

/** Value of a station on a day; NaN for a day the table does not have. */
function observedOn(table: DailyTable): (station: number, day: Day) => number {
  const column = new Map(table.days.map((day, i) => [day, i]))
  return (station, day) => {
    const at = column.get(day)
    return at === undefined ? NaN : table.values[station * table.days.length + at]
  }
}

/** Reads all predictors on one window, day after day; those without time only the first time. */
function predictorReader(
  predictors: readonly Field[],
  window: GridWindow,
): (day: Day, signal?: AbortSignal) => Promise<Stack> {
  const numbers = [...predictors.keys()]
  const fixed = numbers.filter((i) => predictors[i].times === 'static')
  const moving = numbers.filter((i) => predictors[i].times !== 'static')
  const readFixed = stackReader(fixed.map((i) => predictors[i]))
  const readMoving = stackReader(moving.map((i) => predictors[i]))
  let still: Stack | null = null
  return async (day, signal) => {
    still ??= await readFixed(window, day, { signal })
    const now = await readMoving(window, day, { signal })
    const columns = new Array<Float32Array>(predictors.length)
    fixed.forEach((number, i) => (columns[number] = still!.columns[i]))
    moving.forEach((number, i) => (columns[number] = now.columns[i]))
    const reasons = new Uint8Array(now.reasons)
    const missingField = now.missingField.map((field) => (field < 0 ? -1 : moving[field]))
    for (let cell = 0; cell < missingField.length; cell++) {
      if (still.missingField[cell] < 0) continue
      const number = fixed[still.missingField[cell]]
      if (missingField[cell] >= 0 && missingField[cell] < number) continue
      missingField[cell] = number
      reasons[cell] = still.reasons[cell]
    }
    return { columns, reasons, missingField }
  }
}

/** The rows sorted by day, then station. */
function tableOf(
  rows: Row[],
  { table, predictors, weight, fineGrid }: StationRowsOptions,
  excluded: Record<string, number>,
): SampleTable {
  const cells = new Float64Array(table.stations.length)
  for (const { place } of rows) cells[place.station] = place.row * fineGrid.cols + place.col
  const all: SampleTable = {
    predictors: predictors.map((field) => field.name),
    columns: predictors.map((_, j) => Float32Array.from(rows, (row) => row.values[j])),
    target: Float64Array.from(rows, (row) => row.target),
    place: Int32Array.from(rows, (row) => row.place.station),
    places: table.stations.map((station) => station.id),
    day: Int32Array.from(rows, (row) => row.day),
    x: Float64Array.from(rows, (row) => row.place.x),
    y: Float64Array.from(rows, (row) => row.place.y),
    excluded,
    placeKind: 'station',
    crs: fineGrid.crs,
    cells,
    ...(weight ? { weights: Float64Array.from(rows, (row) => row.values[predictors.length]) } : {}),
  }
  const order = [...rows.keys()].sort(
    (a, b) => rows[a].day - rows[b].day || rows[a].place.station - rows[b].place.station,
  )
  return pickRows(all, order)
}
