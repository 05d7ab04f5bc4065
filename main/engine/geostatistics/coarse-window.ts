import { LoamError } from '../../contract/index.ts'
import type { Grid, GridWindow } from '../../contract/index.ts'
import { isGeographic, transformPoints } from '../raster/index.ts'

/** Places along each side of the fine grid that are looked up in the coarse one. */
const placesPerSide = 33

/** The part of a coarse grid that a fine grid touches, and a cell around it: a product of the whole globe has a million cells, of
 *  which a region needs some hundred.
 *  @throws unsupported_grid when they do not meet */
export function coarseWindow(fine: Grid, coarse: Grid): GridWindow {
  const [west, width, , north, , height] = fine.transform
  const n = placesPerSide
  const x = Float64Array.from({ length: n * n }, (_, i) => west + (width * fine.cols * (i % n)) / (n - 1))
  const y = Float64Array.from({ length: n * n }, (_, i) => north + (height * fine.rows * Math.floor(i / n)) / (n - 1))
  transformPoints(fine.crs, coarse.crs, x, y)
  const [x0, stepX, , y0, , stepY] = coarse.transform
  const middle = x0 + (coarse.cols / 2) * stepX
  let [top, bottom, left, right] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue
    const turned = isGeographic(coarse.crs) ? x[i] - 360 * Math.round((x[i] - middle) / 360) : x[i]
    const [row, col] = [(y[i] - y0) / stepY, (turned - x0) / stepX]
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
    left = Math.min(left, col)
    right = Math.max(right, col)
  }
  const clip = (value: number, most: number): number => Math.min(most, Math.max(0, value))
  const row = clip(Math.floor(top) - 1, coarse.rows)
  const col = clip(Math.floor(left) - 1, coarse.cols)
  const rows = clip(Math.ceil(bottom) + 1, coarse.rows) - row
  const cols = clip(Math.ceil(right) + 1, coarse.cols) - col
  if (rows > 0 && cols > 0) return { grid: coarse, row, col, rows, cols }
  throw new LoamError(
    'unsupported_grid',
    'The coarse grid does not reach the fine one. Give grids of one area; the fine one lies at ' +
      `x ${west} to ${west + fine.cols * width}, y ${north + fine.rows * height} to ${north} of its CRS.`,
  )
}

/** A window as a grid of its own. */
export function windowGrid({ grid, row, col, rows, cols }: GridWindow): Grid {
  const [x, width, , y, , height] = grid.transform
  return { crs: grid.crs, transform: [x + col * width, width, 0, y + row * height, 0, height], rows, cols }
}
