import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { AffineTransform } from '../../contract/index.ts'
import { crsInMetres, isGeographic, metresPerUnit, normaliseCrs } from './crs.ts'
import type { Placed } from './layout.ts'
import type { Dataset } from './open-raster.ts'

export interface Georeference extends Placed {
  /** Repairs and assumptions to show the user. */
  readonly notes: string[]
}

/** Where a raster lies, as a north-up grid and how its stored cells map to it.
 *  @throws unsupported_grid for a rotated raster, one without a place, or points and swaths */
export async function georeference(dataset: Dataset, path: string, _subdataset: string): Promise<Georeference> {
  const name = basename(path)
  const transform = dataset.geoTransform
  const { x: cols, y: rows } = dataset.rasterSize
  if (!transform) throw noPlace(name, path)
  return placeByTransform(name, path, transform as AffineTransform, wktOf(dataset), rows, cols)
}

function wktOf(dataset: Dataset): string | null {
  try {
    return dataset.srs?.toWKT() || null
  } catch {
    return null
  }
}

export function placeByTransform(
  name: string,
  path: string,
  transform: AffineTransform,
  wkt: string | null,
  rows: number,
  cols: number,
): Georeference {
  const [x0, a1, a2, y0, a4, a5] = transform
  const turn = Math.max(Math.abs(a2 * rows), Math.abs(a4 * cols))
  const cell = Math.min(Math.abs(a1), Math.abs(a5))
  if (turn > 1e-3 * cell) throw rotated(name, path, transform)
  const notes: string[] = []
  let crs: string
  let width = Math.abs(a1)
  let height = Math.abs(a5)
  let west = a1 > 0 ? x0 : x0 + cols * a1
  let north = a5 < 0 ? y0 : y0 + rows * a5
  if (wkt === null) {
    const south = north - rows * height
    const east = west + cols * width
    const looksGeographic = west >= -180.5 && east <= 360.5 && south >= -90.5 && north <= 90.5 && width <= 5
    if (!looksGeographic) throw noCrs(name, path)
    crs = 'EPSG:4326'
    notes.push('The file names no coordinate reference system; its range fits degrees, so WGS 84 (EPSG:4326) is taken.')
  } else {
    crs = normaliseCrs(wkt)
    const unit = isGeographic(crs) ? 1 : metresPerUnit(crs)
    const metric = crsInMetres(crs)
    if (metric !== crs) {
      notes.push(`Coordinates are stored in units of ${unit} m; the grid is shown in metres.`)
      ;[west, north, width, height] = [west * unit, north * unit, width * unit, height * unit]
      crs = metric
    }
  }
  if (a5 > 0) notes.push('Rows are stored from south to north; they are read in reverse.')
  if (a1 < 0) notes.push('Columns are stored from east to west; they are read in reverse.')
  return {
    grid: { crs, transform: [west, width, 0, north, 0, -height], rows, cols },
    layout: { rows, cols, isTransposed: false, isSouthUp: a5 > 0, isEastFirst: a1 < 0 },
    notes,
  }
}

function rotated(name: string, path: string, transform: AffineTransform): LoamError {
  const degrees = (Math.atan2(transform[4], transform[1]) * 180) / Math.PI
  return new LoamError(
    'unsupported_grid',
    `${name} is rotated by ${degrees.toFixed(1)}° against its CRS. Loam needs rows that run west to east. ` +
      `Turn it upright first: gdalwarp ${name} upright.tif.`,
    { file: path, transform },
  )
}

function noPlace(name: string, path: string): LoamError {
  return new LoamError(
    'unsupported_grid',
    `${name} has rows and columns but no place on the ground (no transform and no regular coordinates). Loam needs a ` +
      `grid with a CRS and even cells. If it is a swath or a list of points, grid it first, for instance with gdal_grid; ` +
      `if you know its corners: gdal_translate -a_srs EPSG:… -a_ullr west north east south ${name} placed.tif.`,
    { file: path },
  )
}

function noCrs(name: string, path: string): LoamError {
  return new LoamError(
    'unsupported_grid',
    `${name} names no coordinate reference system and its coordinates are not degrees. Loam needs one. Add the one it ` +
      `was made in: gdal_translate -a_srs EPSG:… ${name} with_crs.tif.`,
    { file: path },
  )
}
