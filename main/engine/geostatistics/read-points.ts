import { LoamError } from '../../contract/index.ts'
import { isGeographic, normaliseCrs, transformPoints } from '../raster/index.ts'
import { eachRow, sniffDialect } from '../stations/index.ts'
import { averageDuplicates, duplicatePlaces } from './points.ts'
import type { PointValues } from './points.ts'

export interface PointTable {
  readonly path: string
  /** Headings. */
  readonly value: string
  readonly x: string
  readonly y: string
  readonly crs: string
  /** Take the natural logarithm of the values. */
  readonly log?: boolean
  /** Work in degrees along great circles; without it geographic coordinates are refused. */
  readonly greatCircle?: boolean
  /** `mean`: average values at one place; default `refuse`. */
  readonly duplicates?: 'refuse' | 'mean'
  /** Further headings, of drift for example. */
  readonly columns?: readonly string[]
}

/** The points of a table date by date, in the order of the dates. */
export interface DatedPoints {
  readonly dates: readonly { readonly date: string; readonly points: PointValues }[]
  readonly withoutValue: number
  readonly averaged: number
}

export interface ReadPoints {
  readonly points: PointValues
  /** The further columns, Float64Array[points] each; of averaged rows those of the first. */
  readonly columns: readonly Float64Array[]
  readonly crs: string
  /** Rows left out for having no value, no place or nothing in a further column. */
  readonly withoutValue: number
  /** Rows averaged away. */
  readonly averaged: number
}

const missing = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', '-'])

/** Reads points from a CSV table.
 *  @throws not_found, unsupported_format; unknown_name for a heading that is not there; bad_table for a cell that is no number;
 *  value_range for the logarithm of what is not positive; unsupported_grid for degrees; bad_input for two values at one place */
export async function readPoints(table: PointTable, signal?: AbortSignal): Promise<ReadPoints> {
  const { rows, crs, withoutValue } = await readRows(table, null, signal)
  const { points, columns, averaged } = pointsOf(rows, table, '')
  return { points, columns, crs, withoutValue, averaged }
}

/** Reads places without values: those of a table where something is to be predicted. Every row stays, in its order.
 *  @returns x, y and the further columns, Float64Array[rows] each; NaN for an empty cell
 *  @throws as readPoints */
export async function readPlaces(
  table: Pick<PointTable, 'path' | 'x' | 'y' | 'crs' | 'columns' | 'greatCircle'>,
  signal?: AbortSignal,
): Promise<{ x: Float64Array; y: Float64Array; columns: Float64Array[] }> {
  checkPlanar(normaliseCrs(table.crs), table.greatCircle ?? false)
  const wanted = [table.x, table.y, ...(table.columns ?? [])]
  const rows: number[][] = []
  await eachNumberRow(table.path, wanted, null, (numbers) => rows.push(numbers), signal)
  const [x, y, ...columns] = wanted.map((_, w) => Float64Array.from(rows, (row) => row[w]))
  return { x, y, columns }
}

/** The same with a column of dates: values at one place are two only on one date. Texts that are equal are one date.
 *  @throws as readPoints */
export async function readDatedPoints(table: PointTable, column: string, signal?: AbortSignal): Promise<DatedPoints> {
  const { rows, withoutValue } = await readRows(table, column, signal)
  const byDate = new Map<string, PointRow[]>()
  for (const row of rows) {
    const own = byDate.get(row.date)
    if (own) own.push(row)
    else byDate.set(row.date, [row])
  }
  let averaged = 0
  const dates = [...byDate.keys()].sort().map((date) => {
    const own = pointsOf(byDate.get(date)!, table, ` on ${date}`)
    averaged += own.averaged
    return { date, points: own.points }
  })
  return { dates, withoutValue, averaged }
}

interface PointRow {
  readonly x: number
  readonly y: number
  readonly value: number
  readonly more: readonly number[]
  readonly date: string
}

async function readRows(
  table: PointTable,
  dateColumn: string | null,
  signal?: AbortSignal,
): Promise<{ rows: PointRow[]; crs: string; withoutValue: number }> {
  const crs = normaliseCrs(table.crs)
  checkPlanar(crs, table.greatCircle ?? false)
  const rows: PointRow[] = []
  let withoutValue = 0
  await eachNumberRow(
    table.path,
    [table.x, table.y, table.value, ...(table.columns ?? [])],
    dateColumn,
    ([x, y, given, ...more], date, line) => {
      const value = table.log ? Math.log(positive(given, table.path, line)) : given
      if ([x, y, value, ...more].some(Number.isNaN)) withoutValue++
      else rows.push({ x, y, value, more, date })
    },
    signal,
  )
  return { rows, crs, withoutValue }
}

/** Calls back with the numbers of some columns, and the text of one more, for each row below the heading. */
async function eachNumberRow(
  path: string,
  wanted: readonly string[],
  textColumn: string | null,
  take: (numbers: number[], text: string, line: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const dialect = await sniffDialect(path)
  let places: number[] | null = null
  await eachRow(
    path,
    dialect,
    (cells, line) => {
      if (places === null) {
        places = columnsOf(cells, textColumn === null ? wanted : [...wanted, textColumn], path)
        return
      }
      const numbers = wanted.map((column, w) =>
        numberOf(cells[places![w]] ?? '', dialect.separator, path, line, column),
      )
      take(numbers, (cells[places[wanted.length]] ?? '').trim(), line)
    },
    signal,
  )
}

function pointsOf(
  rows: readonly PointRow[],
  table: PointTable,
  when: string,
): { points: PointValues; columns: Float64Array[]; averaged: number } {
  const column = (of: (row: PointRow) => number): Float64Array => Float64Array.from(rows, of)
  const points = { x: column((row) => row.x), y: column((row) => row.y), values: column((row) => row.value) }
  const twice = duplicatePlaces(points)
  if (twice.length > 0 && table.duplicates !== 'mean') {
    const [first] = twice
    throw new LoamError(
      'bad_input',
      `${table.path} has ${twice.length} places with several values${when}; the first is (${points.x[first[0]]}, ${points.y[first[0]]}) with ` +
        `${first.length}. Kriging needs one value a place: average them with --duplicates mean, or keep one.`,
      { file: table.path, places: twice.length },
    )
  }
  const averaged = averageDuplicates(points)
  const columns = (table.columns ?? []).map((_, c) => Float64Array.from(averaged.rows, (row) => rows[row].more[c]))
  return { points: averaged.points, columns, averaged: rows.length - averaged.rows.length }
}

/** The points with their places in another CRS. */
export function pointsIn(points: PointValues, from: string, to: string): PointValues {
  if (from === to) return points
  const [x, y] = [points.x.slice(), points.y.slice()]
  transformPoints(from, to, x, y)
  return { ...points, x, y }
}

/** @throws unsupported_grid for degrees without great circles, and for great circles without degrees */
export function checkPlanar(crs: string, greatCircle: boolean): void {
  if (isGeographic(crs) && !greatCircle)
    throw new LoamError(
      'unsupported_grid',
      `The coordinates are degrees (${crs}); a degree is no length, so lags and ranges would be wrong. ` +
        `Project them, to a UTM zone for example, or ask for great-circle distances with --great-circle.`,
      { crs },
    )
  if (!isGeographic(crs) && greatCircle)
    throw new LoamError(
      'unsupported_grid',
      `Great-circle distances need degrees; ${crs} is projected. Leave --great-circle out.`,
      { crs },
    )
}

function columnsOf(heading: readonly string[], wanted: readonly string[], path: string): number[] {
  const absent = wanted.find((name) => !heading.includes(name))
  if (absent !== undefined)
    throw new LoamError(
      'unknown_name',
      `${path} has no column "${absent}". It has: ${heading.join(', ')}. Name one of them.`,
      {
        file: path,
        column: absent,
      },
    )
  return wanted.map((name) => heading.indexOf(name))
}

function numberOf(cell: string, separator: string, path: string, line: number, column: string): number {
  if (missing.has(cell)) return NaN
  const value = Number(separator === ',' ? cell : cell.replace(',', '.'))
  if (Number.isFinite(value)) return value
  throw new LoamError(
    'bad_table',
    `${path}, line ${line}, column "${column}": "${cell.slice(0, 40)}" is not a number. Mend the cell or empty it.`,
    { file: path, line, column },
  )
}

function positive(value: number, path: string, line: number): number {
  if (!(value <= 0)) return value
  throw new LoamError(
    'value_range',
    `${path}, line ${line}: ${value} has no logarithm. Leave the logarithm out, or that row.`,
    { file: path, line },
  )
}
