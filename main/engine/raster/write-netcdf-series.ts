import { LoamError } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'
import { encodeNetcdf } from './netcdf-classic.ts'
import type { NetcdfFile, NetcdfVariable } from './netcdf-classic.ts'
import { netcdfCoordinates } from './netcdf-coordinates.ts'
import { withinNetcdfLimits } from './netcdf-limits.ts'

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
  const { dimensions, cells: cellDimensions, variables: coordinates } = netcdfCoordinates(grid, days)
  const file: NetcdfFile = {
    dimensions,
    attributes: { Conventions: 'CF-1.8' },
    variables: [
      ...coordinates,
      ...variables.map(
        (variable): NetcdfVariable => ({
          name: variable.name,
          dimensions: cellDimensions,
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
  }
  const bytes = withinNetcdfLimits(path, () => encodeNetcdf(file))
  await publishBytes(path, bytes)
}
