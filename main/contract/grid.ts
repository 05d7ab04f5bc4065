import { z } from 'zod'

/** x = a0 + col·a1 + row·a2, y = a3 + col·a4 + row·a5, col and row counted from the upper-left corner of the grid
 *  (GDAL's order). Loam's grids are north-up: a2 = a4 = 0, a1 > 0, a5 < 0. */
export const AffineTransform = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])
export type AffineTransform = z.infer<typeof AffineTransform>

/** A raster's geometry: coordinate reference system, place and cell size, rows × columns.
 *  `crs` is `EPSG:<code>` where an authority code is known, else WKT. */
export const Grid = z.strictObject({
  crs: z.string().min(1),
  transform: AffineTransform,
  rows: z.int().positive(),
  cols: z.int().positive(),
})
export type Grid = z.infer<typeof Grid>

/** A rectangle of whole cells of a grid; `row`, `col` is its upper-left cell. It may reach beyond the grid. */
export interface GridWindow {
  readonly grid: Grid
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** The window that covers the whole grid. */
export function wholeGrid(grid: Grid): GridWindow {
  return { grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols }
}

/** True when both describe the same cells: same CRS text, same size, transform equal to 1e-6 of a cell. */
export function sameGrid(a: Grid, b: Grid): boolean {
  if (a === b) return true
  if (a.crs !== b.crs || a.rows !== b.rows || a.cols !== b.cols) return false
  const tolerance = 1e-6 * Math.abs(a.transform[1])
  return a.transform.every((value, i) => {
    const perCell = i === 0 || i === 3 ? tolerance : tolerance / Math.max(a.rows, a.cols)
    return Math.abs(value - b.transform[i]) <= perCell
  })
}
