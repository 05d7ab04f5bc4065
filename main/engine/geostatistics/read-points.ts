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
}

/** The points of a table date by date, in the order of the dates. */
export interface DatedPoints {
  readonly dates: readonly { readonly date: string; readonly points: PointValues }[]
  readonly withoutValue: number
  readonly averaged: number
}

export interface ReadPoints {
  readonly points: PointValues
  readonly crs: string
  /** Rows left out for having no value or no place. */
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
  const { points, averaged } = pointsOf(rows, table, '')
  return { points, crs, withoutValue, averaged }
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
  readonly date: string
}

async function readRows(
  table: PointTable,
  dateColumn: string | null,
  signal?: AbortSignal,
): Promise<{ rows: PointRow[]; crs: string; withoutValue: number }> {
  const crs = normaliseCrs(table.crs)
  checkPlanar(crs, table.greatCircle ?? false)
  const dialect = await sniffDialect(table.path)
  const wanted = [table.x, table.y, table.value]
  const rows: PointRow[] = []
  let places: number[] | null = null
  let withoutValue = 0
  await eachRow(
    table.path,
    dialect,
    (cells, line) => {
      if (places === null) {
        places = columnsOf(cells, dateColumn === null ? wanted : [...wanted, dateColumn], table.path)
        return
      }
      const numbers = wanted.map((column, w) =>
        numberOf(cells[places![w]] ?? '', dialect.separator, table.path, line, column),
      )
      const value = table.log ? Math.log(positive(numbers[2], table.path, line)) : numbers[2]
      if (numbers.some(Number.isNaN)) withoutValue++
      else rows.push({ x: numbers[0], y: numbers[1], value, date: (cells[places[3]] ?? '').trim() })
    },
    signal,
  )
  return { rows, crs, withoutValue }
}

function pointsOf(
  rows: readonly PointRow[],
  table: PointTable,
  when: string,
): { points: PointValues; averaged: number } {
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
  return { points: averaged.points, averaged: rows.length - averaged.rows.length }
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
