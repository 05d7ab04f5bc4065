import { LoamError } from '../../contract/index.ts'
import { isGeographic, normaliseCrs } from '../raster/index.ts'
import { columnFor, columnNamed } from './column-roles.ts'
import type { TableColumns } from './table-plan.ts'

export interface PlaceColumns {
  readonly x: number
  readonly y: number
  readonly crs: string
  readonly notes: string[]
}

/** Where a table says its places: x and y in the CRS given, longitude and latitude if that CRS is geographic or none is
 *  given (then WGS 84).
 *  @returns null when it has neither
 *  @throws bad_table: x and y without a CRS; unknown_name: a column that is not there */
export function placeColumns(
  path: string,
  headings: string[],
  { columns = {}, crs }: { columns?: TableColumns; crs?: string },
): PlaceColumns | null {
  const find = (role: 'x' | 'y' | 'lon' | 'lat'): number | null =>
    columns[role] === undefined ? columnFor(role, headings) : columnNamed(path, headings, columns[role])
  const [x, y, lon, lat] = [find('x'), find('y'), find('lon'), find('lat')]
  for (const [one, other] of [
    ['x', 'y'],
    ['lon', 'lat'],
  ] as const)
    if ((columns[one] === undefined) !== (columns[other] === undefined)) {
      const [given, missing] = columns[one] === undefined ? [other, one] : [one, other]
      throw new LoamError(
        'bad_table',
        `For ${path} the column of ${given} was named ("${columns[given]}") and that of ${missing} was not. A place needs both; name the other.`,
        { file: path },
      )
    }
  const known = crs === undefined ? null : normaliseCrs(crs)
  if (lon !== null && lat !== null && known !== null && isGeographic(known))
    return { x: lon, y: lat, crs: known, notes: [`Places from "${headings[lon]}" and "${headings[lat]}" in ${known}.`] }
  if (x !== null && y !== null && known !== null)
    return { x, y, crs: known, notes: [`Places from "${headings[x]}" and "${headings[y]}" in ${known}.`] }
  if (lon !== null && lat !== null) {
    const notes = [`Places from "${headings[lon]}" and "${headings[lat]}", taken as WGS 84 (EPSG:4326).`]
    if (x !== null && y !== null)
      notes.push(`"${headings[x]}" and "${headings[y]}" were not used, because their CRS was not given.`)
    return { x: lon, y: lat, crs: 'EPSG:4326', notes }
  }
  if (x === null || y === null) return null
  throw new LoamError(
    'bad_table',
    `${path} has places in "${headings[x]}" and "${headings[y]}", and does not say in which CRS. Give it, such as crs: EPSG:26911.`,
    { file: path, question: 'crs' },
  )
}
