import { basename, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { DailyRule } from '../../contract/index.ts'
import { isGeographic } from '../raster/index.ts'
import { readStamp } from './date-formats.ts'
import { isSoilMoisture } from './headings.ts'
import { variableFinder } from './row-variables.ts'
import { SetBuilder } from './set-builder.ts'
import type { ReadStations } from './set-builder.ts'
import { checkDegrees, readStationList, stationId } from './station-list.ts'
import type { StationList, StationListOptions } from './station-list.ts'
import { readNumber } from './table-numbers.ts'
import { setName, stationNames, tablesOf } from './table-paths.ts'
import { planTable } from './table-plan.ts'
import type { PlanOptions, TablePlan } from './table-plan.ts'
import { eachRow } from './table-rows.ts'
import { surveyTable } from './table-survey.ts'
import type { SurveyOptions, TableSurvey } from './table-survey.ts'
import type { ValueColumn } from './table-values.ts'
import { zoneClock } from './time-zone.ts'

const millisecondsPerDay = 86_400_000

export interface StationTableOptions extends SurveyOptions, PlanOptions {
  /** Name of the set; default the name of the file or folder. */
  name?: string
  /** Id of the only station of a file without a column of stations. */
  station?: string
  /** Rows have places and no station names: every place is a station. */
  placesAreStations?: boolean
  /** File with one row a station that says where it is. */
  stationsFile?: string
  stationsColumns?: StationListOptions['columns']
  /** Zone of times that do not name one. Default UTC, with a note. Plain dates have no zone. */
  timeZone?: string
  daily?: Partial<DailyRule>
  duplicates?: 'refuse' | 'mean'
  signal?: AbortSignal
}

/** Reads tables of observations (CSV and its kin, gzip too) into one set: a file, a list of files, or a folder.
 *  Wide (a column a variable and depth), long (a column of depths or of variable names), one station or many.
 *  What was understood and assumed is in the set's notes; what only the user can know is asked by an error.
 *  Cells that say "no value" are counted, not kept. Each file is read twice: once to know its columns, once for the
 *  observations; nothing of it is held but the observations.
 *  @throws unsupported_format, bad_table (file, line and column in the details), unknown_name, not_found, unsafe_input */
export async function readStationTable(
  path: string | string[],
  options: StationTableOptions = {},
): Promise<ReadStations> {
  const paths = await tablesOf(path, options.stationsFile)
  const list = options.stationsFile
    ? await readStationList(options.stationsFile, { ...options, columns: options.stationsColumns })
    : null
  const builder = new SetBuilder()
  const names = stationNames(paths, list, options.station)
  let crs: string | null = list?.crs ?? null
  let zone = 'UTC'
  const plans: TablePlan[] = []
  for (let i = 0; i < paths.length; i++) {
    options.signal?.throwIfAborted()
    const survey = await surveyTable(paths[i], options)
    const plan = planTable(survey, options, list === null)
    if (!list && plan.place) crs = sameCrs(crs, plan.place.crs, paths[i])
    // A table without stations, places or soil variables is weather for all of the area, not a station named by the file.
    const isWeather = paths.length === 1 && !options.station && !list && !plan.place && !plan.values.some(isOfSoil)
    const { isTimed } = await readRows(builder, survey, plan, isWeather ? 'all' : names[i], options)
    if (isTimed) zone = options.timeZone ?? 'UTC'
    plans.push(plan)
  }
  builder.notes.push(
    ...mergeNotes(
      paths,
      plans.map((plan) => plan.notes),
    ),
  )
  builder.doubts.push(
    ...mergeNotes(
      paths,
      plans.map((plan) => plan.doubts),
    ),
  )
  if (list) placeFromList(builder, list)
  else if (crs === null)
    builder.doubts.push(
      'The stations have no places. Give a list of stations with their places to map them (at the command line: --stations).',
    )
  const read = await builder.finish({
    name: options.name ?? setName(path),
    crs: crs ?? '',
    paths: list ? [...paths, resolve(list.path)] : paths,
    daily: { timeZone: zone, ...options.daily },
    duplicates: options.duplicates,
  })
  requireFlags(paths[0], read, options.daily?.flags ?? null)
  return read
}

/** A choice of flags that no value has would leave no day.
 *  @throws bad_table */
function requireFlags(path: string, { observations }: ReadStations, flags: readonly string[] | null): void {
  const { flagTexts } = observations
  if (flags === null || flags.some((flag) => flagTexts.includes(flag))) return
  const known = flagTexts.filter((text) => text !== '')
  throw new LoamError(
    'bad_table',
    `${path}: no value has one of the flags ${flags.map((flag) => `"${flag}"`).join(', ')}. ` +
      (known.length > 0
        ? `Its flags are ${known
            .slice(0, 20)
            .map((flag) => `"${flag}"`)
            .join(', ')}; accept some of these.`
        : 'Its values have no flags; name the column of flags, or accept every flag.'),
    { file: path, flags: known },
  )
}

/** Appends a table's rows to the builder. */
async function readRows(
  builder: SetBuilder,
  survey: TableSurvey,
  plan: TablePlan,
  fileStation: string,
  options: StationTableOptions,
): Promise<{ isTimed: boolean }> {
  const { path, decimalMark, dialect } = survey
  const { columns } = builder
  const missing = new Set(options.missing ?? [])
  const inDegrees = plan.place !== null && isGeographic(plan.place.crs)
  const start = columns.length
  const variableOf = variableFinder(builder, survey, plan, options)
  let isHeading = true
  let isTimed = false
  let firstUnzoned = 0
  let firstZoned = 0
  const zones = new Set<number>()

  const onRow = (cells: string[], line: number): void => {
    if (isHeading) {
      isHeading = false
      return
    }
    const text = dateText(cells, plan.date)
    const stamp = readStamp(text, plan.dateFormat)
    if (!stamp)
      throw new LoamError(
        'bad_table',
        `${path}, line ${line}, column "${survey.columns[plan.date[0]].heading}": "${text}" is no date that exists. Needed is a date like those in the other rows; mend that line.`,
        { file: path, line, column: survey.columns[plan.date[0]].heading, found: text },
      )
    if (stamp.localMs % millisecondsPerDay !== 0) isTimed = true
    if (stamp.zoneMinutes === null) firstUnzoned ||= line
    else {
      firstZoned ||= line
      zones.add(stamp.zoneMinutes)
    }
    const time = stamp.localMs - (stamp.zoneMinutes ?? 0) * 60_000

    let x = Number.NaN
    let y = Number.NaN
    if (plan.place) {
      x = readNumber(cells[plan.place.x], decimalMark) ?? Number.NaN
      y = readNumber(cells[plan.place.y], decimalMark) ?? Number.NaN
      if (!Number.isNaN(x) && !Number.isNaN(y)) checkDegrees(path, line, plan.place.crs, x, y)
    }
    let id = fileStation
    if (options.placesAreStations && plan.place) id = `${cells[plan.place.x]} ${cells[plan.place.y]}`
    else if (plan.station !== null) id = stationId(cells, plan.station, plan.network)
    if (id === '')
      throw new LoamError(
        'bad_table',
        `${path}, line ${line}: the row names no station (column "${survey.columns[plan.station ?? 0].heading}" is empty). Needed is the station of every row; mend or remove that line.`,
        { file: path, line },
      )
    const station = builder.station(id, plan.station === null ? id : cells[plan.station])
    if (!Number.isNaN(x) && !Number.isNaN(y)) builder.place(station, x, y, inDegrees, `${path}, line ${line}`)
    if (plan.elevation !== null && builder.stations[station].elevation === null) {
      const height = readNumber(cells[plan.elevation], decimalMark)
      if (height !== undefined && !Number.isNaN(height)) builder.stations[station].elevation = height
    }
    const flag = plan.flag === null ? '' : cells[plan.flag]
    for (let v = 0; v < plan.values.length; v++) {
      const { column } = plan.values[v]
      const cell = cells[column] ?? ''
      const value = missing.has(cell) ? Number.NaN : readNumber(cell, decimalMark)
      if (value === undefined) throw noNumber(survey, column, line, cell)
      if (Number.isNaN(value)) {
        builder.missing++
        continue
      }
      const { index, divisor } = variableOf(v, cells, line, station)
      columns.append(station, index, time, divisor === 1 ? value : value / divisor, flag)
    }
  }
  await eachRow(path, dialect, onRow, options.signal)

  if (firstZoned > 0 && firstUnzoned > 0)
    throw new LoamError(
      'bad_table',
      `${path}: times with a zone (line ${firstZoned}) and without one (line ${firstUnzoned}) stand in one column. Needed is one way in the whole column; mend the file.`,
      { file: path, line: Math.max(firstZoned, firstUnzoned) },
    )
  if (!isTimed) {
    // Midnights are dates, whatever the zone they name.
    const [minutes = 0] = zones
    if (zones.size === 1) for (let i = start; i < columns.length; i++) columns.time[i] += minutes * 60_000
    if (options.timeZone !== undefined) plan.notes.push('The table has plain dates; the time zone was not needed.')
  } else if (firstZoned === 0 && options.timeZone === undefined)
    plan.doubts.push('Times name no zone and are taken as UTC. Give timeZone if they are local.')
  else if (firstZoned === 0) {
    const { toUtc } = zoneClock(options.timeZone!)
    for (let i = start; i < columns.length; i++) columns.time[i] = toUtc(columns.time[i])
    plan.notes.push(`Times are local in ${options.timeZone} and were turned to UTC.`)
  }
  return { isTimed }
}

/** Text of a row's date; an hour in a column of its own becomes a time. */
function dateText(cells: string[], date: number[]): string {
  if (date.length === 1) return cells[date[0]]
  const parts = date.map((column) => cells[column])
  if (date.length === 2 && parts[0].length > 4 && /^\d{1,2}$/.test(parts[1])) parts[1] += ':00'
  return parts.join(' ')
}

function placeFromList(builder: SetBuilder, list: StationList): void {
  const isListed = (id: string): boolean => list.stations.has(id)
  const strangers = builder.stations.filter((station) => !isListed(station.id)).map((station) => station.id)
  if (strangers.length === builder.stations.length)
    throw new LoamError(
      'bad_table',
      `${list.path} lists none of the stations of the table (${strangers.slice(0, 4).join(', ')} …; listed are ${[...list.stations.keys()].slice(0, 4).join(', ')} …). Needed are the same names; check the station columns of both files.`,
      { file: list.path },
    )
  for (const station of builder.stations) {
    const listed = list.stations.get(station.id)
    if (listed) Object.assign(station, listed)
  }
  builder.notes.push(...list.notes.map((note) => `${basename(list.path)}: ${note}`))
  if (strangers.length > 0)
    builder.doubts.push(
      `Not in ${basename(list.path)}, so without a place: ${strangers.slice(0, 12).join(', ')}${strangers.length > 12 ? ' …' : ''}.`,
    )
  const silent = list.stations.size - (builder.stations.length - strangers.length)
  if (silent > 0) builder.notes.push(`${silent} stations of ${basename(list.path)} have no observation here.`)
}

function sameCrs(known: string | null, found: string, path: string): string {
  if (known === null || known === found) return found
  throw new LoamError(
    'bad_table',
    `${path} has places in ${found}, the files before it in ${known}. Needed is one CRS; read them as two sets.`,
    { file: path },
  )
}

function noNumber(survey: TableSurvey, column: number, line: number, text: string): LoamError {
  const { heading } = survey.columns[column]
  return new LoamError(
    'bad_table',
    `${survey.path}, line ${line}, column "${heading}": "${text}" is no number. Needed are numbers with a decimal ${survey.decimalMark === '.' ? 'point' : 'comma'}; mend the cell, or name that text in \`missing\`.`,
    { file: survey.path, line, column: heading, found: text },
  )
}

/** Notes of several files: what is true of all is said once, the rest with the file's name. */
function mergeNotes(paths: string[], notes: string[][]): string[] {
  const merged = notes.flatMap((ofFile, i) =>
    ofFile.map((note) => (notes.every((other) => other.includes(note)) ? note : `${basename(paths[i])}: ${note}`)),
  )
  return [...new Set(merged)]
}

function isOfSoil({ variable, depth }: ValueColumn): boolean {
  return depth !== null || isSoilMoisture(variable)
}
