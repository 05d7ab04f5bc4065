import type { ArrayFacts, FileStructure } from './multidim.ts'
import { withStructure } from './multidim.ts'
import { gridOfCoordinates } from './coordinate-grid.ts'
import type { CoordinateGrid } from './coordinate-grid.ts'

export type CoordinatePlace =
  /** Rows and columns of the stored raster; `isTransposed` when longitude runs down the rows. */
  | { readonly found: 'grid'; readonly grid: CoordinateGrid; readonly isTransposed: boolean }
  | { readonly found: 'curvilinear' | 'uneven' | 'points' | 'nothing'; readonly detail: string }

/** Where a variable of a NetCDF or HDF5 file lies by its coordinate arrays, when GDAL finds no affine transform. */
export async function placeByCoordinates(path: string, variable: string): Promise<CoordinatePlace> {
  const place = await withStructure(path, (structure) => look(structure, variable.replace(/^\/+/, '')))
  return place ?? { found: 'nothing', detail: '' }
}

/** True when a variable's rows are longitudes and its columns latitudes. */
export async function hasLongitudeDown(path: string, variable: string): Promise<boolean> {
  const isTurned = await withStructure(path, (structure) => {
    const axes = axesOf(structure, variable.replace(/^\/+/, ''))
    return (
      axes !== null &&
      axes.along(axes.lats, axes.columns) !== undefined &&
      axes.along(axes.lons, axes.rows) !== undefined
    )
  })
  return isTurned ?? false
}

interface Dimension {
  readonly name: string
  readonly size: number
}

interface VariableAxes {
  readonly variable: ArrayFacts
  /** The last two dimensions, as stored. */
  readonly rows: Dimension
  readonly columns: Dimension
  readonly lats: ArrayFacts[]
  readonly lons: ArrayFacts[]
  /** The array of one dimension that runs along this one. */
  along(arrays: readonly ArrayFacts[], dimension: Dimension): ArrayFacts | undefined
}

/** Null for a variable with fewer than two dimensions, or none of that name. */
function axesOf(structure: FileStructure, name: string): VariableAxes | null {
  const variable = structure.arrays.find((array) => array.name === name)
  if (!variable || variable.dimensions.length < 2) return null
  const [rows, columns] = variable.dimensions.slice(-2)
  const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : ''
  const near = structure.arrays.filter((array) => array.name.startsWith(folder) || !array.name.includes('/'))
  return {
    variable,
    rows,
    columns,
    lats: near.filter(isLatitude),
    lons: near.filter(isLongitude),
    along: (arrays, dimension) =>
      arrays.find((array) => array.dimensions.length === 1 && array.dimensions[0].name === dimension.name),
  }
}

function look(structure: FileStructure, name: string): CoordinatePlace {
  const found = axesOf(structure, name)
  if (!found) {
    const variable = structure.arrays.find((array) => array.name === name)
    return { found: 'points', detail: variable ? shapeText(variable) : name }
  }
  const { variable, rows: rowDimension, columns: colDimension, lats, lons, along } = found
  const lat = along(lats, rowDimension)
  const lon = along(lons, colDimension)
  if (lat && lon) return axes(structure, lat, lon, false)
  const turnedLat = along(lats, colDimension)
  const turnedLon = along(lons, rowDimension)
  if (turnedLat && turnedLon) return axes(structure, turnedLat, turnedLon, true)
  // Both coordinates run along one dimension: a list of places, each with a series.
  for (const dimension of [rowDimension, colDimension])
    if (along(lats, dimension) && along(lons, dimension))
      return { found: 'points', detail: `${shapeText(variable)}, places along ${dimension.name}` }

  const isPerCell = (array: ArrayFacts): boolean =>
    array.dimensions.length === 2 &&
    array.dimensions[0].size === rowDimension.size &&
    array.dimensions[1].size === colDimension.size
  const lat2 = lats.find(isPerCell)
  const lon2 = lons.find(isPerCell)
  if (!lat2 || !lon2) return { found: 'nothing', detail: shapeText(variable) }
  const [latValues, lonValues] = [structure.read(lat2.name), structure.read(lon2.name)]
  if (!latValues || !lonValues) return { found: 'nothing', detail: shapeText(variable) }
  const grid = gridOfCoordinates({
    kind: 'cells',
    lat: latValues,
    lon: lonValues,
    rows: rowDimension.size,
    cols: colDimension.size,
  })
  return grid
    ? { found: 'grid', grid, isTransposed: false }
    : { found: 'curvilinear', detail: `${lat2.name}, ${lon2.name}` }
}

function axes(structure: FileStructure, lat: ArrayFacts, lon: ArrayFacts, isTransposed: boolean): CoordinatePlace {
  const [latValues, lonValues] = [structure.read(lat.name), structure.read(lon.name)]
  if (!latValues || !lonValues) return { found: 'nothing', detail: '' }
  const grid = gridOfCoordinates({ kind: 'axes', lat: latValues, lon: lonValues })
  return grid ? { found: 'grid', grid, isTransposed } : { found: 'uneven', detail: `${lat.name}, ${lon.name}` }
}

function shapeText(array: ArrayFacts): string {
  return `${array.name}(${array.dimensions.map((dimension) => `${dimension.name}: ${dimension.size}`).join(', ')})`
}

export function isLatitude(array: ArrayFacts): boolean {
  return (
    array.standardName === 'latitude' ||
    /^degrees?_?(north|N)$/i.test(array.unit) ||
    /(^|\/)(lat|latitude|nav_lat|xlat)$/i.test(array.name)
  )
}

export function isLongitude(array: ArrayFacts): boolean {
  return (
    array.standardName === 'longitude' ||
    /^degrees?_?(east|E)$/i.test(array.unit) ||
    /(^|\/)(lon|longitude|nav_lon|xlong)$/i.test(array.name)
  )
}
