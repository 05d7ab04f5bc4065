import { LoamError } from '../../contract/index.ts'
import type { Block, Day, Grid } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import type { ReadWindow } from '../raster/index.ts'

/** A reading that may look at single cells where averaging all of them would take long. */
export interface Economy {
  /** The fine grid whose cells count. */
  readonly grid: Grid
  /** Cells of the fine grid along a side of one asked for. */
  readonly step: number
  /** Of so many cells one was looked at; 1: all. Raised by what reads. */
  oneOf: number
}

/** Forms of fields compute windows below this many cells directly; see `fields/block-cache.ts`. */
const derivedCells = 1000
/** A row of a stored raster as long as a tile's is one call into GDAL. */
const storedCells = 65_536

/** For each cell of a window the value of the one fine cell under its centre: what a map would hold there.
 *  @param window in cells of the coarse grid, `step` fine cells a side */
export async function readSingleCells(
  field: Field,
  economy: Economy,
  window: ReadWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block> {
  const { grid, step } = economy
  const { rows, cols } = window
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  // The last coarse row and column may reach beyond the fine grid.
  const fineRow = (row: number): number => Math.min(grid.rows - 1, (window.row + row) * step + (step >> 1))
  const fineCol = (col: number): number => Math.min(grid.cols - 1, (window.col + col) * step + (step >> 1))
  const atOnce = Math.max(1, Math.floor(((field.origin ? storedCells : derivedCells) - 1) / step) + 1)
  for (let row = 0; row < rows; row++)
    for (let from = 0; from < cols; from += atOnce) {
      if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
      const end = Math.min(cols, from + atOnce)
      const left = fineCol(from)
      const strip = { grid, row: fineRow(row), col: left, rows: 1, cols: fineCol(end - 1) - left + 1 }
      const block = await field.read(strip, day, { signal })
      for (let col = from; col < end; col++) {
        const i = fineCol(col) - left
        values[row * cols + col] = block.values[i]
        reasons[row * cols + col] = block.reasons[i]
      }
    }
  economy.oneOf = Math.max(economy.oneOf, step * step)
  return { rows, cols, values, reasons }
}
