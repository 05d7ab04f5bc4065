import { dayNumber } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { crsOf, isGeographic } from './crs.ts'
import { axisCentres } from './grid-geometry.ts'
import type { NetcdfVariable } from './netcdf-classic.ts'

/** What a series of maps has besides its values after the CF conventions: dimensions time, y, x (lat, lon for degrees), days since
 *  1970-01-01, and the CRS as a grid mapping `crs`.
 *  @returns `cells`: the dimensions of a variable with a value for each day and cell
 *  Source: CF Conventions 1.8, sections 4.4 and 5.6. */
export function netcdfCoordinates(
  grid: Grid,
  days: readonly Day[],
): {
  dimensions: Record<string, number>
  cells: readonly string[]
  variables: NetcdfVariable[]
} {
  const [yName, xName] = isGeographic(grid.crs) ? ['lat', 'lon'] : ['y', 'x']
  const centres = axisCentres({ grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  const axis = (name: string, axisLetter: string, values: Float64Array): NetcdfVariable => ({
    name,
    dimensions: [name],
    type: 'double',
    attributes: { ...axisAttributes(name), axis: axisLetter },
    values: [values],
  })
  const time: NetcdfVariable = {
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
  }
  return {
    dimensions: { time: days.length, [yName]: grid.rows, [xName]: grid.cols },
    cells: ['time', yName, xName],
    variables: [time, axis(yName, 'Y', centres.y), axis(xName, 'X', centres.x), gridMapping(grid)],
  }
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
