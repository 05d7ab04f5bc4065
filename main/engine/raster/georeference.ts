import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { AffineTransform } from '../../contract/index.ts'
import { crsInMetres, isGeographic, metresPerUnit, normaliseCrs } from './crs.ts'
import type { Placed } from './layout.ts'
import { hasLongitudeDown, placeByCoordinates } from './netcdf-place.ts'
import type { CoordinatePlace } from './netcdf-place.ts'
import { openRaster } from './open-raster.ts'
import type { Dataset } from './open-raster.ts'

export interface Georeference extends Placed {
  /** Repairs and assumptions to show the user. */
  readonly notes: string[]
}

export interface OpenRaster extends Georeference {
  readonly dataset: Dataset
}

/** Opens a raster and finds where it lies, as a north-up grid and how its stored cells map to it. Handled: south-up,
 *  east-first, longitude down the rows, kilometres, 0 to 360°, degrees that are even on an EASE grid.
 *  @throws unsupported_grid for a rotated raster, one without a place, curvilinear grids, points and swaths; see
 *  `openRaster` */
export async function openGeoreferenced(path: string, subdataset: string): Promise<OpenRaster> {
  const name = subdataset === '' ? basename(path) : `${basename(path)} (${subdataset.replace(/^\/+/, '')})`
  const dataset = await openRaster(path, subdataset)
  let facts: StoredFacts
  try {
    facts = factsOf(dataset)
    const variable = subdataset || facts.variable
    // GDAL gives NetCDF with longitude down the rows a transform that takes longitude for latitude.
    const isMisread = facts.isNetcdf && (await hasLongitudeDown(path, variable))
    if (facts.transform && !isMisread) {
      const placed = placeByTransform(name, path, facts.transform, facts.wkt, facts.rows, facts.cols, false)
      return { dataset, ...placed }
    }
  } catch (fault) {
    dataset.close()
    throw fault
  }
  dataset.close()
  const place = await placeByCoordinates(path, subdataset || facts.variable)
  if (place.found !== 'grid') throw notGridded(name, path, place)
  const { crs, transform, deviation } = place.grid
  const placed = placeByTransform(name, path, transform, crs, facts.rows, facts.cols, place.isTransposed)
  if (crs !== 'EPSG:4326')
    placed.notes.push(
      `The file gives degrees; they are the rows and columns of EASE-Grid ${crs === 'EPSG:6933' ? '2.0' : '1.0'} ` +
        `(${crs}, off by at most ${deviation.toFixed(3)} of a cell), which is taken.`,
    )
  else if (facts.wkt === null) placed.notes.push('The file names no datum; WGS 84 (EPSG:4326) is taken.')
  if (place.isTransposed) placed.notes.push('Longitude runs down the rows of the file; it is read turned.')
  return { dataset: await openRaster(path, subdataset, { rowsAsStored: true }), ...placed }
}

interface StoredFacts {
  readonly transform: AffineTransform | null
  readonly wkt: string | null
  readonly rows: number
  readonly cols: number
  /** NetCDF variable; empty in other formats. */
  readonly variable: string
  readonly isNetcdf: boolean
}

/** Asked before any read is under way, so that no question waits. */
function factsOf(dataset: Dataset): StoredFacts {
  const { x: cols, y: rows } = dataset.rasterSize
  const metadata = dataset.bands.count() > 0 ? (dataset.bands.get(1).getMetadata() as Record<string, string>) : {}
  let wkt: string | null = null
  try {
    wkt = dataset.srs?.toWKT() || null
  } catch {
    // A CRS that GDAL cannot put into words counts as none; the message about that names the remedy.
  }
  const transform = dataset.geoTransform as AffineTransform | null
  const isNetcdf = dataset.driver.description === 'netCDF'
  return { transform, wkt, rows, cols, variable: metadata.NETCDF_VARNAME ?? '', isNetcdf }
}

/** @param rows, cols as stored; the transform is from stored column and row, or, when `isTransposed`, from stored row
 *  (to x) and stored column (to y) */
function placeByTransform(
  name: string,
  path: string,
  transform: AffineTransform,
  wktOrCode: string | null,
  rows: number,
  cols: number,
  isTransposed: boolean,
): Georeference {
  const [x0, a1, a2, y0, a4, a5] = transform
  const gridRows = isTransposed ? cols : rows
  const gridCols = isTransposed ? rows : cols
  const turn = Math.max(Math.abs(a2 * gridRows), Math.abs(a4 * gridCols))
  if (turn > 1e-3 * Math.min(Math.abs(a1), Math.abs(a5))) throw rotated(name, path, transform)
  const notes: string[] = []
  let width = Math.abs(a1)
  let height = Math.abs(a5)
  let west = a1 > 0 ? x0 : x0 + gridCols * a1
  let north = a5 < 0 ? y0 : y0 + gridRows * a5
  let movedCols = 0
  let crs: string
  if (wktOrCode === null) {
    const [south, east] = [north - gridRows * height, west + gridCols * width]
    const looksGeographic = west >= -180.5 && east <= 361 && south >= -90.5 && north <= 90.5 && width <= 5
    if (!looksGeographic) throw noCrs(name, path)
    crs = 'EPSG:4326'
    notes.push(
      'The file names no coordinate reference system; its numbers fit degrees, so WGS 84 (EPSG:4326) is taken.',
    )
  } else {
    crs = normaliseCrs(wktOrCode)
    const metric = crsInMetres(crs)
    if (metric !== crs) {
      const unit = metresPerUnit(crs)
      notes.push(`Coordinates are stored in units of ${unit} m; the grid is given in metres.`)
      ;[west, north, width, height] = [west * unit, north * unit, width * unit, height * unit]
      crs = metric
    }
  }
  if (isGeographic(crs)) {
    const east = west + gridCols * width
    if (west >= 180 - 1e-9) {
      west -= 360
      notes.push('Longitudes beyond 180° are given as west longitudes.')
    } else if (east > 180 + width / 2 && Math.abs(gridCols * width - 360) < 1e-3 * width) {
      movedCols = Math.ceil((180 - west) / width - 1e-6)
      west += movedCols * width - 360
      notes.push('Longitudes run from 0° to 360°; the grid is given from 180° W to 180° E.')
    } else if (east > 180 + width) {
      notes.push(
        `Longitudes run to ${east.toFixed(2)}°, across 180°; places there are found by longitudes above 180° only.`,
      )
    }
  }
  if (a5 > 0) notes.push('Rows are stored from south to north; they are read in reverse.')
  if (a1 < 0) notes.push('Columns are stored from east to west; they are read in reverse.')
  return {
    grid: { crs, transform: [west, width, 0, north, 0, -height], rows: gridRows, cols: gridCols },
    layout: { rows, cols, isTransposed, isSouthUp: a5 > 0, isEastFirst: a1 < 0, movedCols },
    notes,
  }
}

function rotated(name: string, path: string, transform: AffineTransform): LoamError {
  const degrees = (Math.atan2(transform[4], transform[1]) * 180) / Math.PI
  return new LoamError(
    'unsupported_grid',
    `${name} is rotated by ${degrees.toFixed(1)}° against its CRS. Loam needs rows that run west to east. ` +
      `Turn it upright first: gdalwarp ${basename(path)} upright.tif.`,
    { file: path, transform },
  )
}

const problems: Record<
  Exclude<CoordinatePlace['found'], 'grid'>,
  { found: (detail: string) => string; remedy: string }
> = {
  curvilinear: {
    found: (detail) => `holds a curvilinear grid: longitude and latitude differ from cell to cell (${detail})`,
    remedy: 'Warp it first, for instance: gdalwarp -geoloc -t_srs EPSG:… in.nc out.tif.',
  },
  uneven: {
    found: (detail) => `has rows or columns that are not evenly spaced (${detail})`,
    remedy: 'Bring it to an even grid first, for instance: cdo remapbil,<grid> in.nc out.nc.',
  },
  points: {
    found: (detail) => `holds points or series at places, not a grid (${detail})`,
    remedy: 'If they are stations, write them as a table (CSV) and add that; if they are a swath, grid it first.',
  },
  nothing: {
    found: (detail) => `has rows and columns but no place on the ground${detail === '' ? '' : ` (${detail})`}`,
    remedy:
      'If you know its corners: gdal_translate -a_srs EPSG:… -a_ullr west north east south in out.tif; if it is a swath, ' +
      'grid it first.',
  },
}

function notGridded(name: string, path: string, place: Exclude<CoordinatePlace, { found: 'grid' }>): LoamError {
  const { found, remedy } = problems[place.found]
  return new LoamError(
    'unsupported_grid',
    `${name} ${found(place.detail)}. Loam needs even cells with a CRS. ${remedy}`,
    { file: path, found: place.found },
  )
}

function noCrs(name: string, path: string): LoamError {
  return new LoamError(
    'unsupported_grid',
    `${name} names no coordinate reference system and its coordinates are not degrees. Loam needs one. Add the one it ` +
      `was made in: gdal_translate -a_srs EPSG:… ${basename(path)} with_crs.tif.`,
    { file: path },
  )
}
