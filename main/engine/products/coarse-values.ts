import type { Block, Day, Grid, GridWindow } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { resample } from '../raster/index.ts'

/** The plain value of a coarse field at points: that of the coarse cell which holds each point, not smoothed.
 *  @param grid grid the coarse value is taken on
 *  @param x, y Float64Array[n], points in the grid's CRS
 *  @returns Float32Array[n], the field's unit; NaN where it has no value or does not reach */
export async function valuesAtPoints(
  field: Field,
  grid: Grid,
  day: Day,
  x: Float64Array,
  y: Float64Array,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const out = new Float32Array(x.length).fill(Number.NaN)
  const [x0, dx, , y0, , dy] = grid.transform
  const rows = new Int32Array(x.length)
  const cols = new Int32Array(x.length)
  let [top, left, bottom, right] = [grid.rows, grid.cols, -1, -1]
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor((y[i] - y0) / dy)
    const col = Math.floor((x[i] - x0) / dx)
    const isInside = row >= 0 && col >= 0 && row < grid.rows && col < grid.cols
    rows[i] = isInside ? row : -1
    cols[i] = col
    if (!isInside) continue
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
    left = Math.min(left, col)
    right = Math.max(right, col)
  }
  if (bottom < 0) return out
  const window = { grid, row: top, col: left, rows: bottom - top + 1, cols: right - left + 1 }
  const block = await field.read(window, day, { signal })
  for (let i = 0; i < x.length; i++)
    if (rows[i] >= 0) out[i] = block.values[(rows[i] - top) * window.cols + cols[i] - left]
  return out
}

/** A coarse field smoothed onto a finer window: its values on `grid`, then bilinear between cell centres. */
export function smoothedTo(
  field: Field,
  grid: Grid,
  window: GridWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block> {
  const source = { grid, kind: field.kind, read: (part: GridWindow) => field.read(part, day, { signal }) }
  return resample(source, window, { minValidFraction: 0, signal })
}
