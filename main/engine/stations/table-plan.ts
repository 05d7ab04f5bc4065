import { LoamError } from '../../contract/index.ts'
import { columnFor, columnNamed, plainHeading, quoted } from './column-roles.ts'
import type { Role } from './column-roles.ts'
import { dateFormatName } from './date-formats.ts'
import type { DateFormatName } from './date-formats.ts'
import { decideDateFormat, pickDates } from './table-dates.ts'
import { placeColumns } from './table-places.ts'
import { separatorNames } from './table-rows.ts'
import type { TableSurvey } from './table-survey.ts'
import { guessValues, requireNumbers, tellValue, valueColumn } from './table-values.ts'
import type { ValueColumn } from './table-values.ts'

/** Headings of the columns, where the names in the file do not say it themselves. */
export interface TableColumns {
  station?: string
  network?: string
  /** Column with dates or dates and times; several are joined by a blank (year and day of year; date and hour). */
  date?: string | string[]
  /** Long tables: the columns with the variable's name and its value. */
  variable?: string
  value?: string
  /** Wide tables: the columns that hold values; others are left out. */
  values?: (string | { column: string; variable?: string; unit?: string; depth?: [number, number] })[]
  unit?: string
  flag?: string
  /** Tells sensors apart that measure the same at one station and depth. */
  sensor?: string
  depth?: string
  depthTo?: string
  x?: string
  y?: string
  lon?: string
  lat?: string
  elevation?: string
}

export interface PlanOptions {
  columns?: TableColumns
  /** CRS of x and y. */
  crs?: string
  /** Which number comes first in dates such as 03/04/2019. */
  dateOrder?: 'dayFirst' | 'monthFirst'
  /** Depth, metres, of values whose heading does not say one. */
  depth?: [number, number]
  /** Unit of the numbers in the depth column, when its heading does not say. */
  depthUnit?: 'm' | 'cm' | 'mm' | 'in'
  /** Unit of a value column, by heading or variable name; one text for all. `vol%` is turned to m3 m-3. */
  unit?: string | Record<string, string>
}

/** Which column says what. Numbers are column indices; null when there is none. */
export interface TablePlan {
  readonly date: number[]
  readonly dateFormat: DateFormatName
  readonly station: number | null
  readonly network: number | null
  readonly variable: number | null
  readonly values: ValueColumn[]
  readonly unit: number | null
  readonly flag: number | null
  readonly sensor: number | null
  readonly depth: { from: number; to: number; metresPer: number } | null
  readonly place: { x: number; y: number; crs: string } | null
  readonly elevation: number | null
  /** What was understood, for the user. */
  readonly notes: string[]
  /** What was assumed and may be wrong. */
  readonly doubts: string[]
}

/** Decides from headings, options and what the columns hold how to read a table.
 *  @throws unsupported_format: no dates or no values; unknown_name: a column that is not there;
 *          bad_table: a question only the user can answer, such as the order of day and month
 *  @param usePlaces false: the places come from a station list, those in the table are passed over */
export function planTable(survey: TableSurvey, options: PlanOptions = {}, usePlaces = true): TablePlan {
  const { path, columns } = survey
  const headings = columns.map((column) => column.heading)
  const given = options.columns ?? {}
  const taken = new Set<number>()
  const notes: string[] = [
    `${separatorNames[survey.dialect.separator] ?? survey.dialect.separator}-separated, decimal ${survey.decimalMark === '.' ? 'point' : 'comma'}, ${survey.dialect.encoding}, ${survey.rows} rows.`,
  ]
  const doubts: string[] = []
  const pick = (role: Role, name: string | undefined): number | null => {
    const index = name === undefined ? columnFor(role, headings, taken) : columnNamed(path, headings, name)
    if (index !== null) taken.add(index)
    return index
  }

  const date = pickDates(survey, given.date, taken)
  const dateFormat = decideDateFormat(survey, date, options.dateOrder)
  for (const index of date) taken.add(index)
  notes.push(`Dates from ${quoted(date.map((i) => headings[i]))} as ${dateFormatName(dateFormat)}.`)

  const network = pick('network', given.network)
  const station = pick('station', given.station)
  if (station !== null && given.station === undefined) notes.push(`Stations from "${headings[station]}".`)
  const place = pickPlace(survey, options, taken, usePlaces ? notes : null)
  const elevation = pick('elevation', given.elevation)
  const unit = pick('unit', given.unit)
  const flag = pick('flag', given.flag)
  const sensor = pick('sensor', given.sensor)
  const depthFrom = pick('depth', given.depth)
  const depthTo = pick('depthTo', given.depthTo)
  const depth =
    depthFrom === null
      ? null
      : { from: depthFrom, to: depthTo ?? depthFrom, metresPer: depthScale(headings[depthFrom], options, doubts) }

  let variable: number | null = null
  let values: ValueColumn[]
  const value = given.values ? null : pick('value', given.value)
  if (value !== null) {
    variable = pick('variable', given.variable)
    requireNumbers(survey, value)
    values = [valueColumn(survey, value, options)]
    if (variable === null) tellValue(headings[value], values[0], options, { notes, doubts }, depth !== null)
    else notes.push(`Values from "${headings[value]}", their names from "${headings[variable]}".`)
  } else if (given.values)
    values = given.values.map((one) => {
      const wanted = typeof one === 'string' ? { column: one } : one
      const index = columnNamed(path, headings, wanted.column)
      requireNumbers(survey, index)
      const column = valueColumn(survey, index, options, wanted)
      tellValue(headings[index], column, options, { notes, doubts }, depth !== null)
      return column
    })
  else values = guessValues(survey, taken, options, { notes, doubts }, depth !== null)
  if (values.length === 0)
    throw new LoamError(
      'unsupported_format',
      `${path} is not a station file: it has dates but no column of numbers. Its columns are ${quoted(headings)}.`,
      { file: path },
    )
  const end = columnFor('periodEnd', headings)
  if (end !== null && columns[end].dateFormats.length > 0 && !date.includes(end))
    doubts.push(
      `Rows stand for periods that end at "${headings[end]}"; their values are put on ${quoted(date.map((i) => headings[i]))} alone.`,
    )
  return {
    date,
    dateFormat,
    station,
    network,
    variable,
    values,
    unit,
    flag,
    sensor,
    depth,
    place,
    elevation,
    notes,
    doubts,
  }
}

/** @param notes null: places are not wanted, their columns are only set aside */
function pickPlace(
  survey: TableSurvey,
  options: PlanOptions,
  taken: Set<number>,
  notes: string[] | null,
): TablePlan['place'] {
  const headings = survey.columns.map((column) => column.heading)
  for (const role of ['lon', 'lat', 'x', 'y'] as const) {
    const index = columnFor(role, headings, taken)
    if (index !== null && survey.columns[index].texts === 0) taken.add(index)
  }
  const place = notes === null ? null : placeColumns(survey.path, headings, options)
  if (!place) return null
  for (const index of [place.x, place.y]) {
    requireNumbers(survey, index)
    taken.add(index)
  }
  notes?.push(...place.notes)
  return { x: place.x, y: place.y, crs: place.crs }
}

function depthScale(heading: string, { depthUnit }: PlanOptions, doubts: string[]): number {
  const scales = { m: 1, cm: 0.01, mm: 0.001, in: 0.0254 }
  const said = /(?:^|_)(cm|mm|m|in)$/.exec(plainHeading(heading))?.[1] as keyof typeof scales | undefined
  const unit = said ?? depthUnit
  if (!unit) doubts.push(`Depths in "${heading}" are taken as metres; the heading does not say.`)
  return scales[unit ?? 'm']
}
