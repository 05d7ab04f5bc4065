import { reasonCodes } from '../../contract/index.ts'
import type { Block, Grid, GridWindow } from '../../contract/index.ts'

interface Size {
  readonly rows: number
  readonly cols: number
}

/** A block without any value, for one reason. */
export function blankBlock({ rows, cols }: Size, reason: number): Block {
  const values = new Float32Array(rows * cols).fill(Number.NaN)
  return { rows, cols, values, reasons: new Uint8Array(rows * cols).fill(reason) }
}

/** A block with one value everywhere; NaN takes `reason`. */
export function uniformBlock(size: Size, value: number, reason: number = reasonCodes.not_finite): Block {
  if (!Number.isFinite(Math.fround(value))) return blankBlock(size, reason)
  const { rows, cols } = size
  return { rows, cols, values: new Float32Array(rows * cols).fill(value), reasons: new Uint8Array(rows * cols) }
}

/** Per cell the reason of the first block that has no value there; 0 where all have one. */
export function firstReasons(blocks: readonly Block[], cells: number): Uint8Array {
  const reasons = new Uint8Array(cells)
  for (const block of blocks) for (let i = 0; i < cells; i++) if (reasons[i] === 0) reasons[i] = block.reasons[i]
  return reasons
}

/** The same cells counted on `grid`, when its cells and the window's are the same lattice; else null.
 *  Grids that differ only in extent then exchange values untouched, without interpolation. */
export function windowOn(grid: Grid, window: GridWindow): GridWindow | null {
  if (grid === window.grid) return window
  const from = window.grid.transform
  const to = grid.transform
  if (grid.crs !== window.grid.crs) return null
  const reach = Math.max(grid.rows, grid.cols, window.rows + Math.abs(window.row), window.cols + Math.abs(window.col))
  // A thousandth of a cell over the whole reach: far below what any georeference means, far above rounding.
  for (const i of [1, 5]) if (Math.abs(from[i] - to[i]) * reach > 1e-3 * Math.abs(to[i])) return null
  const col = (from[0] - to[0]) / to[1]
  const row = (from[3] - to[3]) / to[5]
  if (Math.abs(col - Math.round(col)) > 1e-3 || Math.abs(row - Math.round(row)) > 1e-3) return null
  return { ...window, grid, row: window.row + Math.round(row), col: window.col + Math.round(col) }
}

/** The cells two windows of one grid share, or null. */
export function overlap(a: GridWindow, b: GridWindow): GridWindow | null {
  const row = Math.max(a.row, b.row)
  const col = Math.max(a.col, b.col)
  const rows = Math.min(a.row + a.rows, b.row + b.rows) - row
  const cols = Math.min(a.col + a.cols, b.col + b.cols) - col
  return rows > 0 && cols > 0 ? { grid: a.grid, row, col, rows, cols } : null
}

/** A window put together from parts of its grid; cells in no part are outside the source. */
export async function assemble(
  window: GridWindow,
  parts: readonly GridWindow[],
  read: (part: GridWindow) => Promise<Block>,
): Promise<Block> {
  const out = blankBlock(window, reasonCodes.outside_source)
  for (const part of parts) {
    const block = await read(part)
    const shared = overlap(part, window)
    if (!shared) continue
    for (let row = shared.row; row < shared.row + shared.rows; row++) {
      const start = (row - part.row) * part.cols + shared.col - part.col
      const target = (row - window.row) * window.cols + shared.col - window.col
      out.values.set(block.values.subarray(start, start + shared.cols), target)
      out.reasons.set(block.reasons.subarray(start, start + shared.cols), target)
    }
  }
  return out
}
