import { LoamError, dayNumber } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'
import { crsOf, isGeographic } from './crs.ts'
import { axisCentres } from './grid-geometry.ts'
import { encodeNetcdf } from './netcdf-classic.ts'
import type { NetcdfVariable } from './netcdf-classic.ts'

export interface NetcdfSeriesVariable {
  readonly name: string
  readonly unit: string
  /** Stored number that means "no value". */
  readonly nodata: number
  /** One array of rows × cols for each day, row-major from the upper left; NaN is stored as nodata. */
  readonly scenes: readonly Float32Array[]
}

export interface NetcdfSeriesOptions {
  readonly grid: Grid
  readonly days: readonly Day[]
  readonly variables: readonly NetcdfSeriesVariable[]
}

/** Writes daily scenes as one NetCDF file after the CF conventions: dimensions time, y, x; days since 1970-01-01; the
 *  CRS as a grid mapping. Whole or not at all; equal input gives equal bytes. For series that fit in memory twice.
 *  @throws bad_input when scenes and days or cells do not match; too_large; disk_full, not_found, io_failed
 *  Source: CF Conventions 1.8, sections 4.4 and 5.6. */
export async function writeNetcdfSeries(path: string, options: NetcdfSeriesOptions): Promise<void> {
  const { grid, days, variables } = options
  const cells = grid.rows * grid.cols
  for (const { name, scenes } of variables)
    if (scenes.length !== days.length || scenes.some((scene) => scene.length !== cells))
      throw new LoamError(
        'bad_input',
        `Variable "${name}" of ${path} needs ${days.length} scenes of ${cells} cells, one for each day; ` +
          `it has ${scenes.length} scenes.`,
        { path, variable: name },
      )
  const isDegrees = isGeographic(grid.crs)
  const [yName, xName] = isDegrees ? ['lat', 'lon'] : ['y', 'x']
  const centres = axisCentres({ grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  const axis = (name: string, axisLetter: string, values: Float64Array): NetcdfVariable => ({
    name,
    dimensions: [name],
    type: 'double',
    attributes: { ...axisAttributes(name), axis: axisLetter },
    values: [values],
  })
  const bytes = encode(path, {
    dimensions: { time: days.length, [yName]: grid.rows, [xName]: grid.cols },
    attributes: { Conventions: 'CF-1.8' },
    variables: [
      {
        name: 'time',
        dimensions: ['time'],
        type: 'int',
        attributes: {
          standard_name: 'time',
          units: 'days since 1970-01-01 00:00:00',
          calendar: 'proleptic_gregorian',
          axis: 'T',
        },
        values: [days.map(dayNumber)],
      },
      axis(yName, 'Y', centres.y),
      axis(xName, 'X', centres.x),
      gridMapping(grid),
      ...variables.map(
        (variable): NetcdfVariable => ({
          name: variable.name,
          dimensions: ['time', yName, xName],
          type: 'float',
          attributes: {
            units: variable.unit,
            _FillValue: { float: variable.nodata },
            grid_mapping: 'crs',
          },
          values: variable.scenes.map((scene) => scene.map((value) => (Number.isNaN(value) ? variable.nodata : value))),
        }),
      ),
    ],
  })
  await publishBytes(path, bytes)
}

function axisAttributes(name: string): Record<string, string> {
  if (name === 'lat') return { standard_name: 'latitude', units: 'degrees_north' }
  if (name === 'lon') return { standard_name: 'longitude', units: 'degrees_east' }
  return { standard_name: `projection_${name}_coordinate`, units: 'm' }
}

/** The CRS as WKT, which CF takes beside (here: instead of) the projection's parameters; GDAL reads `spatial_ref` and
 *  `GeoTransform`, which keep the corner exact. */
function gridMapping(grid: Grid): NetcdfVariable {
  const wkt = crsOf(grid.crs).srs.toWKT()
  const name: Record<string, string> = isGeographic(grid.crs) ? { grid_mapping_name: 'latitude_longitude' } : {}
  return {
    name: 'crs',
    dimensions: [],
    type: 'int',
    attributes: { ...name, crs_wkt: wkt, spatial_ref: wkt, GeoTransform: grid.transform.join(' ') },
    values: [[0]],
  }
}

function encode(path: string, file: Parameters<typeof encodeNetcdf>[0]): Uint8Array {
  try {
    return encodeNetcdf(file)
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault
    throw new LoamError(
      'too_large',
      `${path} cannot be written as NetCDF: ${fault.message}. Write fewer days a file.`,
      {
        path,
      },
    )
  }
}
