import { LoamError } from '../../contract/index.ts'
import type { Grid, GridWindow } from '../../contract/index.ts'
import { normaliseCrs } from './crs.ts'

/** [west, south, east, north] in CRS units. */
export type Extent = readonly [number, number, number, number]

/** The same area in cells `factor` times as long; the last row and column may reach beyond the fine grid. */
export function coarsenGrid(grid: Grid, factor: number): Grid {
  if (!Number.isInteger(factor) || factor < 1)
    throw new LoamError('bad_input', `The grid factor is ${factor}; it needs a whole number from 1 up.`, { factor })
  const [x, width, , y, , height] = grid.transform
  return {
    crs: grid.crs,
    transform: [x, width * factor, 0, y, 0, height * factor],
    rows: Math.ceil(grid.rows / factor),
    cols: Math.ceil(grid.cols / factor),
  }
}

/** Square cells from the upper-left corner of the extent; east and south grow to whole cells. */
export function gridFromExtent(crs: string, cellSize: number, extent: Extent): Grid {
  const [west, south, east, north] = extent
  if (!(cellSize > 0) || !(east > west) || !(north > south))
    throw new LoamError(
      'unsupported_grid',
      `A grid of cells of ${cellSize} over [${extent.join(', ')}] is empty. ` +
        `It needs a positive cell size and [west, south, east, north] with west < east and south < north.`,
      { cellSize, extent },
    )
  // A width of 100.0000001 cells is 100 cells written in decimals, not 101.
  const cells = (length: number): number => Math.max(1, Math.ceil(length / cellSize - 1e-6))
  const rows = cells(north - south)
  const cols = cells(east - west)
  if (rows > 2 ** 24 || cols > 2 ** 24)
    throw new LoamError(
      'too_large',
      `A grid of ${rows} × ${cols} cells was asked for; Loam takes at most 16 777 216 a side. Choose a larger cell size.`,
      { rows, cols },
    )
  return { crs: normaliseCrs(crs), transform: [west, cellSize, 0, north, 0, -cellSize], rows, cols }
}

/** Centres of all cells of a window, CRS units.
 *  @returns x, y: Float64Array[rows × cols], row-major */
export function cellCentres(window: GridWindow): { x: Float64Array; y: Float64Array } {
  const axes = axisCentres(window)
  const x = new Float64Array(window.rows * window.cols)
  const y = new Float64Array(window.rows * window.cols)
  for (let row = 0, i = 0; row < window.rows; row++)
    for (let col = 0; col < window.cols; col++, i++) {
      x[i] = axes.x[col]
      y[i] = axes.y[row]
    }
  return { x, y }
}

/** Centres of the columns and of the rows of a window, CRS units.
 *  @returns x: Float64Array[cols]; y: Float64Array[rows] */
export function axisCentres(window: GridWindow): { x: Float64Array; y: Float64Array } {
  const [west, width, , north, , height] = window.grid.transform
  return {
    x: Float64Array.from({ length: window.cols }, (_, i) => west + (window.col + i + 0.5) * width),
    y: Float64Array.from({ length: window.rows }, (_, i) => north + (window.row + i + 0.5) * height),
  }
}

/** Outer edges of a grid. */
export function gridExtent(grid: Grid): [number, number, number, number] {
  const [west, width, , north, , height] = grid.transform
  return [west, north + grid.rows * height, west + grid.cols * width, north]
}
