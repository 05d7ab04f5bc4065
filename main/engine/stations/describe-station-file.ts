import { readdir, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { asLoamError, LoamError } from '../../contract/index.ts'
import type { Observations, StationSet, StationVariable } from '../../contract/index.ts'
import { isIsmnFile, readIsmn } from './read-ismn.ts'
import { readStationTable } from './read-station-table.ts'
import type { StationTableOptions } from './read-station-table.ts'
import type { ReadStations } from './set-builder.ts'
import { readStationList } from './station-list.ts'
import { separatorNames } from './table-rows.ts'
import { surveyTable } from './table-survey.ts'
import type { TableSurvey } from './table-survey.ts'
import { firstBytes } from './text-source.ts'
import { variableLines } from './variable-lines.ts'

/** What Loam understands of a file of station observations, or of a list of stations. */
export interface StationDescription {
  readonly path: string
  readonly format: 'table' | 'station list' | 'ISMN'
  /** Null for ISMN files. */
  readonly encoding: string | null
  readonly separator: string | null
  readonly decimalMark: '.' | ',' | null
  /** Rows below the heading; null for ISMN files. */
  readonly rows: number | null
  readonly stations: string[]
  /** Empty when the file says no places. */
  readonly crs: string
  /** One of each name, unit and depth, however many sensors. */
  readonly variables: StationVariable[]
  /** First and last observation, UTC in ISO form. */
  readonly period: { readonly from: string; readonly to: string } | null
  readonly observations: number
  /** Cells or records without a value. */
  readonly missing: number
  /** Observations by flag; empty when there are no flags. */
  readonly flags: Record<string, number>
  /** Zone whose midnight would part the days. */
  readonly timeZone: string
  readonly notes: string[]
  /** Assumptions to check and questions to answer. */
  readonly doubts: string[]
  /** Why it cannot be read as it is; null when it can. */
  readonly refusal: string | null
  /** What the refusal asks for: `dateOrder`, `crs`, `depthUnit`. */
  readonly question?: string
}

/** Reads all of a file or ISMN archive and says what is in it. A table that raises a question, such as the order of day
 *  and month, is described with that question as its refusal.
 *  @throws unsupported_format: neither a table with dates and numbers, nor a station list, nor an ISMN file;
 *          bad_table: its rows cannot be told apart; not_found; unsafe_input */
export async function describeStationFile(
  path: string,
  options: StationTableOptions = {},
): Promise<StationDescription> {
  const file = resolve(path)
  if (await isFolderOfTables(file))
    return { ...blank(file, 'table'), ...contentsOf(await readStationTable(file, options)) }
  if (await isIsmn(file)) {
    const read = await readIsmn(file, { signal: options.signal })
    const missing = read.observations.value.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
    return { ...blank(file, 'ISMN'), ...contentsOf(read), missing }
  }
  const survey = await surveyTable(file, options)
  const table = { ...blank(file, 'table'), ...dialectOf(survey) }
  try {
    return { ...table, ...contentsOf(await readStationTable(file, options)) }
  } catch (fault) {
    const { code, message, details } = asLoamError(fault)
    if (code === 'unsupported_format') return describeList(survey, options, fault)
    if (code !== 'bad_table') throw fault
    return { ...table, refusal: message, ...questionIn(details) }
  }
}

/** Several tables read as one set.
 *  @throws what `readStationTable` throws, but a question only the user can answer, which becomes the refusal */
export async function describeTables(
  paths: readonly string[],
  options: StationTableOptions = {},
): Promise<StationDescription> {
  const table = { ...blank(resolve(paths[0]), 'table' as const), ...dialectOf(await surveyTable(paths[0], options)) }
  try {
    return { ...table, ...contentsOf(await readStationTable([...paths], options)) }
  } catch (fault) {
    const { code, message, details } = asLoamError(fault)
    if (code !== 'bad_table') throw fault
    return { ...table, refusal: message, ...questionIn(details) }
  }
}

/** A description in words, for the terminal. */
export function formatStationDescription(one: StationDescription): string {
  const shown = one.stations.slice(0, 8).join(', ')
  const flags = Object.entries(one.flags).map(([text, count]) => `${text === '' ? '(none)' : text} ${count}`)
  const lines = [
    `${one.path}: ${one.format === 'ISMN' ? 'ISMN observations' : one.format === 'table' ? 'table of observations' : 'list of stations'}`,
    // Of a table that could be read its notes say this.
    one.separator === null || one.observations > 0
      ? null
      : `  text: ${one.separator}-separated, decimal ${one.decimalMark === '.' ? 'point' : 'comma'}, ${one.encoding}, ${one.rows} rows`,
    one.stations.length === 0
      ? null
      : `  stations: ${one.stations.length} (${shown}${one.stations.length > 8 ? ', …' : ''}), ${one.crs === '' ? 'no places' : one.crs}`,
    ...variableLines(one.variables).map((line) => `  variable: ${line}`),
    one.period === null
      ? null
      : `  period: ${instantText(one.period.from)} to ${instantText(one.period.to)}, ${one.observations} observations, ${one.missing} missing, days of ${one.timeZone}`,
    flags.length === 0 ? null : `  flags: ${flags.join(', ')}`,
    ...one.notes.map((note) => `  - ${note}`),
    ...one.doubts.map((doubt) => `  ? ${doubt}`),
    one.refusal === null ? null : `  cannot be read as it is: ${one.refusal}`,
  ]
  return lines.filter((line) => line !== null).join('\n')
}

/** An ISO instant as short as it can be: the date, or date and minute. */
function instantText(iso: string): string {
  if (iso.endsWith('T00:00:00.000Z')) return iso.slice(0, 10)
  return iso.endsWith(':00.000Z') ? `${iso.slice(0, 16)}Z` : iso
}

async function isFolderOfTables(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null)
  if (!info?.isDirectory()) return false
  const inside = await readdir(path, { recursive: true })
  return !inside.some((name) => /\.stm$/i.test(name))
}

/** A folder, a zip, or a file that begins as ISMN files do. */
async function isIsmn(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => {
    throw new LoamError('not_found', `There is no file or folder ${path}. Check the path.`, { file: path })
  })
  if (info.isDirectory()) return true
  const magic = await firstBytes(path, 4)
  return magic.toString('latin1') === 'PK\u0003\u0004' || isIsmnFile(path)
}

async function describeList(
  survey: TableSurvey,
  options: StationTableOptions,
  fault: unknown,
): Promise<StationDescription> {
  const blankList = { ...blank(survey.path, 'station list' as const), ...dialectOf(survey) }
  try {
    const list = await readStationList(survey.path, options)
    return { ...blankList, stations: [...list.stations.keys()], crs: list.crs, notes: list.notes }
  } catch (listFault) {
    const { details, message, code } = asLoamError(listFault)
    if (details.question === 'crs') return { ...blankList, refusal: message, question: 'crs' }
    // Why it is no table of observations tells the user more than why it is no list either.
    throw code === 'unsupported_format' || code === 'bad_table' ? fault : listFault
  }
}

const questionIn = ({ question }: Record<string, unknown>): { question?: string } =>
  typeof question === 'string' ? { question } : {}

function blank(path: string, format: StationDescription['format']): StationDescription {
  return {
    path,
    format,
    encoding: null,
    separator: null,
    decimalMark: null,
    rows: null,
    stations: [],
    crs: '',
    variables: [],
    period: null,
    observations: 0,
    missing: 0,
    flags: {},
    timeZone: 'UTC',
    notes: [],
    doubts: [],
    refusal: null,
  }
}

function dialectOf({ dialect, decimalMark, rows }: TableSurvey): Partial<StationDescription> {
  const separator = separatorNames[dialect.separator] ?? dialect.separator
  return { encoding: dialect.encoding, separator, decimalMark, rows }
}

function contentsOf({
  set,
  observations,
  missing,
  doubts,
}: ReadStations): Omit<
  StationDescription,
  'path' | 'format' | 'encoding' | 'separator' | 'decimalMark' | 'rows' | 'refusal' | 'question'
> {
  const variables = new Map(set.variables.map((variable) => [JSON.stringify(variable), variable]))
  return {
    stations: set.stations.map((station) => station.id),
    crs: set.crs,
    variables: [...variables.values()],
    period: periodOf(observations),
    observations: observations.value.length,
    missing,
    flags: flagCounts(observations),
    timeZone: set.daily.timeZone,
    notes: notesOf(set, doubts),
    doubts,
  }
}

function notesOf(set: StationSet, doubts: string[]): string[] {
  return set.notes.slice(0, set.notes.length - doubts.length)
}

function periodOf({ observedAtMs }: Observations): StationDescription['period'] {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const time of observedAtMs) {
    if (time < from) from = time
    if (time > to) to = time
  }
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

function flagCounts({ flag, flagTexts }: Observations): Record<string, number> {
  const counts = new Uint32Array(flagTexts.length)
  for (const index of flag) counts[index]++
  if (flagTexts.length === 1 && flagTexts[0] === '') return {}
  return Object.fromEntries(flagTexts.map((text, i) => [text, counts[i]]))
}
