import { open } from 'node:fs/promises'
import { reasonCodes } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { layoutNetcdf, storeNumbers } from './netcdf-classic.ts'
import type { NetcdfFile, NetcdfVariable } from './netcdf-classic.ts'
import { netcdfCoordinates } from './netcdf-coordinates.ts'
import { withinNetcdfLimits } from './netcdf-limits.ts'
import { openOwnMap } from './own-map.ts'

/** A quantity of a series of Loam's own maps. */
export interface NetcdfMapVariable {
  readonly name: string
  /** In words. */
  readonly title: string
  readonly unit: string
  /** One map a day. */
  readonly paths: readonly string[]
}

export interface NetcdfMapsOptions {
  readonly grid: Grid
  readonly days: readonly Day[]
  /** The reasons are taken from the first. */
  readonly variables: readonly NetcdfMapVariable[]
  /** Of the file: title, history, source. */
  readonly attributes: Readonly<Record<string, string>>
}

/** No value; CF's default for floats is a number as large, but this one is read as NaN by everybody. */
const noValue = Number.NaN
const stripRows = 512

/** Bytes of the file `writeNetcdfMaps` makes. @throws RangeError when a variable is larger than 4 GiB */
export function netcdfMapsBytes(options: NetcdfMapsOptions): number {
  return layoutNetcdf(fileOf(options)).bytes
}

/** Days of maps whose variable of cells stays below the 4 GiB of the format. */
export function mostDaysOfNetcdf({ rows, cols }: Grid): number {
  return Math.max(1, Math.floor((2 ** 32 - 4) / (rows * cols * 4)))
}

/** Writes days of maps as one NetCDF file after CF 1.8: a float variable each, and `reason`, a byte that says why a cell has no
 *  value, with CF flags. Strips of rows are read and written in place, so memory does not grow with days or cells. The caller
 *  gives a path aside and renames.
 *  @throws too_large, bad_raster, input_changed; the signal's reason */
export async function writeNetcdfMaps(path: string, options: NetcdfMapsOptions, signal: AbortSignal): Promise<void> {
  const { grid, days, variables } = options
  const file = fileOf(options)
  const { head, starts, bytes } = withinNetcdfLimits(path, () => layoutNetcdf(file))
  const start = (name: string): number => starts[file.variables.findIndex((each) => each.name === name)]
  const cells = grid.rows * grid.cols
  const handle = await open(path, 'wx')
  try {
    await handle.truncate(bytes)
    await handle.write(head, 0, head.length, 0)
    for (const [v, { type, values }] of file.variables.entries()) {
      if (values.length === 0) continue
      const numbers = values[0]
      const out = new Uint8Array(numbers.length * 8)
      const length = storeNumbers(out, 0, type, numbers)
      await handle.write(out, 0, length, starts[v])
    }
    const out = new Uint8Array(stripRows * grid.cols * 4)
    for (const [v, { name, paths }] of variables.entries())
      for (const [day] of days.entries()) {
        const map = await openOwnMap(paths[day], grid)
        try {
          for (let row = 0; row < grid.rows; row += stripRows) {
            signal.throwIfAborted()
            const rows = Math.min(stripRows, grid.rows - row)
            const block = await map.read(0, { row, col: 0, rows, cols: grid.cols }, 'values', signal)
            const at = day * cells + row * grid.cols
            await handle.write(out, 0, storeNumbers(out, 0, 'float', block.values), start(name) + 4 * at)
            if (v === 0) await handle.write(out, 0, storeNumbers(out, 0, 'byte', block.reasons), start('reason') + at)
          }
        } finally {
          map.close()
        }
      }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The file without the numbers of its maps. */
function fileOf({ grid, days, variables, attributes }: NetcdfMapsOptions): NetcdfFile {
  const { dimensions, cells, variables: coordinates } = netcdfCoordinates(grid, days)
  const values: NetcdfVariable[] = variables.map(({ name, title, unit }) => ({
    name,
    dimensions: cells,
    type: 'float',
    attributes: {
      long_name: title,
      units: unit,
      _FillValue: { float: noValue },
      grid_mapping: 'crs',
      ancillary_variables: 'reason',
    },
    values: [],
  }))
  const codes = Object.entries(reasonCodes)
  const reason: NetcdfVariable = {
    name: 'reason',
    dimensions: cells,
    type: 'byte',
    attributes: {
      long_name: 'why a cell has no value, or should not be trusted',
      flag_values: { bytes: codes.map(([, code]) => code) },
      flag_meanings: codes.map(([name]) => name).join(' '),
      grid_mapping: 'crs',
    },
    values: [],
  }
  return {
    dimensions,
    attributes: { Conventions: 'CF-1.8', ...attributes },
    variables: [...coordinates, ...values, reason],
  }
}
