import type { Command } from 'commander'
import { LoamError } from '../contract/index.ts'
import type { StationTableOptions } from '../engine/stations/index.ts'
import { positive } from './follow-run.ts'

const roles = [
  'station',
  'network',
  'date',
  'variable',
  'value',
  'unit',
  'flag',
  'depth',
  'depthTo',
  'x',
  'y',
  'lon',
  'lat',
  'elevation',
] as const
type Role = (typeof roles)[number]
const statistics = ['mean', 'sum', 'min', 'max'] as const

export function stationTableOptions(command: Command): Command {
  return command
    .option('--stations <csv>', 'station list with a place for each station')
    .option('--columns <role=heading,…>', `what the columns are, where headings do not say; roles: ${roles.join(', ')}`)
    .option('--values <a,b,…>', 'headings of the value columns; others are left out')
    .option('--station <id>', 'station of a file that holds only one')
    .option('--crs <crs>', 'of x and y, such as EPSG:28992')
    .option('--unit <unit>', 'of the values, where the heading does not say')
    .option('--depth <from..to>', 'metres, where the heading does not say')
    .option('--depth-unit <unit>', 'm, cm, mm or in, of a depth column')
    .option('--separator <char>', 'one character, or tab; default detected')
    .option('--decimal <mark>', '. or , – default detected')
    .option('--date-order <order>', 'dayFirst or monthFirst, for 03/04/2019')
    .option('--time-zone <zone>', 'of times without one: UTC, Europe/Amsterdam, +02:00')
    .option('--missing <texts>', 'further texts that mean no value, comma between')
    .option('--daily <statistic>', 'mean, sum, min or max of a day')
    .option('--min-count <n>', 'values a day needs, default 1')
    .option('--flags <a,b,…>', 'flags that are accepted; default all')
    .option('--duplicates <rule>', 'mean: average readings of one moment that differ')
    .option('--places-are-stations', 'rows without a station name: every place is a station')
}

/** The options of a station table as the engine takes them.
 *  @throws usage */
export function tableOptionsOf(options: Record<string, unknown>): StationTableOptions {
  const text = (name: string): string | undefined => (options[name] === undefined ? undefined : String(options[name]))
  const list = (name: string): string[] | undefined =>
    text(name)
      ?.split(',')
      .map((each) => each.trim())
  const columns = {
    ...(text('columns') === undefined ? {} : columnsOf(text('columns')!)),
    ...(list('values') === undefined ? {} : { values: list('values') }),
  }
  const daily = {
    ...(text('daily') === undefined ? {} : { statistic: oneOf('--daily', text('daily')!, statistics) }),
    ...(text('minCount') === undefined ? {} : { minCount: positive('--min-count', options.minCount) }),
    ...(list('flags') === undefined ? {} : { flags: list('flags')! }),
  }
  return {
    columns,
    daily,
    stationsFile: text('stations'),
    station: text('station'),
    crs: text('crs'),
    unit: text('unit'),
    timeZone: text('timeZone'),
    missing: list('missing'),
    placesAreStations: options.placesAreStations === true,
    ...(text('separator') === undefined ? {} : { dialect: { separator: separatorOf(text('separator')!) } }),
    ...(text('decimal') === undefined
      ? {}
      : { decimalMark: oneOf('--decimal', text('decimal')!, ['.', ','] as const) }),
    ...(text('dateOrder') === undefined
      ? {}
      : { dateOrder: oneOf('--date-order', text('dateOrder')!, ['dayFirst', 'monthFirst'] as const) }),
    ...(text('depth') === undefined ? {} : { depth: depthOf(text('depth')!) }),
    ...(text('depthUnit') === undefined
      ? {}
      : { depthUnit: oneOf('--depth-unit', text('depthUnit')!, ['m', 'cm', 'mm', 'in'] as const) }),
    ...(text('duplicates') === undefined
      ? {}
      : { duplicates: oneOf('--duplicates', text('duplicates')!, ['refuse', 'mean'] as const) }),
  }
}

function columnsOf(text: string): Partial<Record<Role, string>> {
  const columns: Partial<Record<Role, string>> = {}
  for (const pair of text.split(',')) {
    const [role, heading] = pair.split(/=(.*)/s).map((part) => part.trim())
    if (!heading)
      throw new LoamError('usage', `--columns "${pair}" says nothing. Write role=heading, such as date=Datum.`)
    columns[oneOf('--columns', role, roles)] = heading
  }
  return columns
}

function separatorOf(text: string): string {
  const separator = text === '\\t' || text === 'tab' ? '\t' : text
  if (separator.length === 1) return separator
  throw new LoamError('usage', `--separator "${text}" is no separator. Give one character, such as ; or tab.`)
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((each) => each === given)
  if (found !== undefined) return found
  throw new LoamError('usage', `${option} "${given}" is unknown. It takes ${known.join(', ')}.`)
}

function depthOf(text: string): [number, number] {
  const [from, to = from] = text.split('..').map(Number)
  if (Number.isFinite(from) && Number.isFinite(to) && from >= 0 && from <= to) return [from, to]
  throw new LoamError('usage', `--depth "${text}" is no depth. Write metres below the surface, 0..0.05 or 0.3.`)
}
