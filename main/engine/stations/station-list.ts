import { LoamError } from '../../contract/index.ts'
import { isGeographic } from '../raster/index.ts'
import { readNumber } from './table-numbers.ts'
import { columnFor, columnNamed, quoted } from './column-roles.ts'
import { placeColumns } from './table-places.ts'
import type { PlanOptions, TableColumns } from './table-plan.ts'
import { eachRow } from './table-rows.ts'
import { surveyTable } from './table-survey.ts'
import type { SurveyOptions } from './table-survey.ts'

export interface ListedStation {
  readonly x: number
  readonly y: number
  readonly elevation: number | null
}

/** Places of stations, from a file with one row a station. */
export interface StationList {
  readonly path: string
  readonly crs: string
  readonly stations: Map<string, ListedStation>
  readonly notes: string[]
}

export type StationListOptions = SurveyOptions & Pick<PlanOptions, 'crs'> & { columns?: TableColumns }

/** Reads a station list: an id column, and lon/lat or x/y in the given CRS.
 *  With a network column the id is `network/station`, as in tables and ISMN files.
 *  @throws unsupported_format: no ids or no places; bad_table: a station twice, a place that is no number */
export async function readStationList(path: string, options: StationListOptions = {}): Promise<StationList> {
  const survey = await surveyTable(path, options)
  const headings = survey.columns.map((column) => column.heading)
  const { columns = {} } = options
  const find = (role: 'station' | 'network' | 'elevation'): number | null =>
    columns[role] === undefined ? columnFor(role, headings) : columnNamed(path, headings, columns[role])
  const [id, network, elevation] = [find('station'), find('network'), find('elevation')]
  const place = id === null ? null : placeColumns(path, headings, options)
  if (id === null || place === null)
    throw new LoamError(
      'unsupported_format',
      `${path} is not a list of stations: ${id === null ? 'no column with station names' : 'no columns with places (lon and lat, or easting and northing)'}. Its columns are ${quoted(headings)}.`,
      { file: path },
    )
  const stations = new Map<string, ListedStation>()
  let isHeading = true
  await eachRow(path, survey.dialect, (cells, line) => {
    if (isHeading) {
      isHeading = false
      return
    }
    const name = stationId(cells, id, network)
    if (name === '') return
    const x = readNumber(cells[place.x], survey.decimalMark)
    const y = readNumber(cells[place.y], survey.decimalMark)
    if (x === undefined || y === undefined || Number.isNaN(x) || Number.isNaN(y))
      throw new LoamError(
        'bad_table',
        `${path}, line ${line}: station "${name}" has the place "${cells[place.x]}", "${cells[place.y]}". Needed are two numbers; mend that line.`,
        { file: path, line },
      )
    checkDegrees(path, line, place.crs, x, y)
    const known = stations.get(name)
    if (known && (known.x !== x || known.y !== y))
      throw new LoamError(
        'bad_table',
        `${path}, line ${line}: station "${name}" is listed a second time at another place (${x}, ${y}; before ${known.x}, ${known.y}). A list has one row a station; remove one.`,
        { file: path, line, station: name },
      )
    const height = elevation === null ? Number.NaN : readNumber(cells[elevation], survey.decimalMark)
    stations.set(name, { x, y, elevation: height === undefined || Number.isNaN(height) ? null : height })
  })
  return { path, crs: place.crs, stations, notes: place.notes }
}

/** Id of a row's station. */
export function stationId(cells: string[], station: number, network: number | null): string {
  return network === null || cells[network] === '' ? cells[station] : `${cells[network]}/${cells[station]}`
}

/** @throws bad_table: no longitude and latitude, the usual sign of swapped columns or of metres under such headings */
export function checkDegrees(path: string, line: number, crs: string, x: number, y: number): void {
  if (!isGeographic(crs) || (Math.abs(x) <= 360 && Math.abs(y) <= 90)) return
  throw new LoamError(
    'bad_table',
    `${path}, line ${line}: longitude ${x} and latitude ${y} are not on Earth. Needed are degrees, latitude within ±90; name the columns lon and lat, or give the CRS of x and y.`,
    { file: path, line },
  )
}
