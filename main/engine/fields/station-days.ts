import { LoamError } from '../../contract/index.ts'
import type { Day, KrigedStations } from '../../contract/index.ts'
import { averageDuplicates } from '../geostatistics/index.ts'
import type { PointValues } from '../geostatistics/index.ts'
import { crsName, isGeographic, normaliseCrs, transformPoints } from '../raster/index.ts'
import type { DailyTable } from '../stations/index.ts'
import type { Compiling } from './compiled-field.ts'

/** A station variable as points to krige, date by date. */
export interface StationDays {
  readonly crs: string
  /** Stations with a place. */
  readonly placed: number
  /** Dates with a value, sorted. */
  readonly times: readonly Day[]
  /** The stations with a value, those at one place as their mean. */
  valuesOn(day: Day): PointValues
}

/** @throws bad_table when no station has a place; no_dates; unsupported_grid for degrees without a way to lengths */
export function stationDays(expression: KrigedStations, table: DailyTable, at: Compiling): StationDays {
  const placed = table.stations.flatMap(({ x, y }, row) => (x !== null && y !== null ? [{ row, x, y }] : []))
  if (placed.length === 0)
    throw new LoamError(
      'bad_table',
      `Field "${at.path}": no station of "${expression.kriged}" has a place, so nothing can be kriged. Add the set again with its coordinates, or use \`weather\`.`,
      { field: at.path },
    )
  const crs = krigingCrs(expression, table.crs, at)
  const [x, y] = [Float64Array.from(placed, (each) => each.x), Float64Array.from(placed, (each) => each.y)]
  transformPoints(table.crs, crs, x, y)
  const columns = new Map(table.days.map((day, i) => [day, i]))
  const pointsWith = (valueOf: (row: number) => number): PointValues => {
    const values = placed.map(({ row }) => valueOf(row))
    const known = [...values.keys()].filter((i) => Number.isFinite(values[i]) && Number.isFinite(x[i] + y[i]))
    const take = (column: ArrayLike<number>): Float64Array => Float64Array.from(known, (i) => column[i])
    return averageDuplicates({ x: take(x), y: take(y), values: take(values) }).points
  }
  const held = new Map<Day, PointValues>()
  const valuesOn = (day: Day): PointValues => {
    let points = held.get(day)
    if (!points) {
      const column = columns.get(day)
      const valueOf = (row: number): number =>
        column === undefined ? Number.NaN : table.values[row * table.days.length + column]
      held.set(day, (points = pointsWith(valueOf)))
    }
    return points
  }
  const { period } = expression
  const inPeriod = table.days.filter((day) => !period || (day >= period.from && day <= period.to))
  const means = expression.static ? pointsWith((row) => meanOver(table, columns, row, inPeriod)) : null
  const times = means ? [] : table.days.filter((day) => valuesOn(day).x.length > 0)
  if (means ? means.x.length === 0 : times.length === 0)
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": no station of "${expression.kriged}" has a daily value of ${expression.variable}${period && means ? ` from ${period.from} to ${period.to}` : ''}. Check the variable's daily rule and the period.`,
      { field: at.path },
    )
  return { crs, placed: placed.length, times, valuesOn: means ? () => means : valuesOn }
}

function meanOver(table: DailyTable, columns: ReadonlyMap<Day, number>, row: number, days: readonly Day[]): number {
  const values = days.map((day) => table.values[row * table.days.length + columns.get(day)!]).filter(Number.isFinite)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** A degree is no length: stations in degrees are kriged in the CRS that is given, else in that of the run's grid. */
function krigingCrs({ crs, greatCircle, kriged }: KrigedStations, ofStations: string, at: Compiling): string {
  if (greatCircle) {
    if (crs === undefined && isGeographic(ofStations)) return ofStations
    throw new LoamError(
      'unsupported_grid',
      `Field "${at.path}": great-circle distances need stations in degrees and no \`crs\`; "${kriged}" is on ${crsName(crs ?? ofStations)}. Leave \`greatCircle\` or \`crs\` out.`,
      { field: at.path },
    )
  }
  const chosen = [crs, ofStations, at.context.crs].find(
    (each) => each !== undefined && (each === crs || !isGeographic(each)),
  )
  if (chosen !== undefined && !isGeographic(chosen)) return normaliseCrs(chosen)
  throw new LoamError(
    'unsupported_grid',
    `Field "${at.path}": ${crs === undefined ? `the stations of "${kriged}" are` : `\`crs\` is`} in degrees (${crsName(chosen ?? ofStations)}); a degree is no length, so lags and ranges would be wrong. ` +
      `Give a projected \`crs\`, such as a UTM zone, or ask for \`greatCircle\`.`,
    { field: at.path },
  )
}
