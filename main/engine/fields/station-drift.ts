import type { Day, Grid, GridWindow } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'
import { readAs } from './compiled-field.ts'
import type { CompiledField } from './compiled-field.ts'

/** Values of a field at places: of its own cells around them, or where it has no grid at the places themselves.
 *  @param x, y in `crs`
 *  @returns Float64Array[places]; NaN where the field has no value */
export async function valuesAtPlaces(
  field: CompiledField,
  crs: string,
  x: Float64Array,
  y: Float64Array,
  day: Day,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const windowAt = field.nativeGrid ? cellsAround(field.nativeGrid, crs, x, y) : (i: number) => around(crs, x[i], y[i])
  const values = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    const window = windowAt(i)
    values[i] = window ? (await readAs(field, field.kind, window, day, signal)).values[0] : Number.NaN
  }
  return values
}

function cellsAround(grid: Grid, crs: string, x: Float64Array, y: Float64Array): (i: number) => GridWindow | null {
  const [column, line] = [x.slice(), y.slice()]
  transformPoints(crs, grid.crs, column, line)
  const [west, width, , north, , height] = grid.transform
  return (i) => {
    const [row, col] = [Math.floor((line[i] - north) / height), Math.floor((column[i] - west) / width)]
    const isInside = row >= 0 && row < grid.rows && col >= 0 && col < grid.cols
    return isInside ? { grid, row, col, rows: 1, cols: 1 } : null
  }
}

/** A window of one cell whose centre is the place. */
function around(crs: string, x: number, y: number): GridWindow {
  return {
    grid: { crs, transform: [x - 0.5, 1, 0, y + 0.5, 0, -1], rows: 1, cols: 1 },
    row: 0,
    col: 0,
    rows: 1,
    cols: 1,
  }
}
