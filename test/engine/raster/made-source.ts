import { reasonCodes } from '../../../main/contract/index.ts'
import type { Block, Grid, GridWindow, Kind } from '../../../main/contract/index.ts'
import type { BlockSource } from '../../../main/engine/raster/block-source.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

export interface MadeSource extends BlockSource {
  readonly values: Float32Array
  readonly reasons: Uint8Array
  /** Windows asked for, in order. */
  readonly asked: GridWindow[]
}

/** A source in memory whose cell i holds `value(i)`; NaN is missing for the reason `missing`. Refuses windows beyond it. */
export function madeSource(
  grid: Grid,
  kind: Kind,
  value: (row: number, col: number) => number,
  missing: number = reasonCodes.no_data,
): MadeSource {
  const values = new Float32Array(grid.rows * grid.cols)
  for (let i = 0; i < values.length; i++) values[i] = value(Math.floor(i / grid.cols), i % grid.cols)
  const reasons = Uint8Array.from(values, (v) => (Number.isNaN(v) ? missing : 0))
  const asked: GridWindow[] = []
  async function read(window: GridWindow): Promise<Block> {
    const { row, col, rows, cols } = window
    if (row < 0 || col < 0 || row + rows > grid.rows || col + cols > grid.cols || rows < 1 || cols < 1)
      throw new Error(`window beyond the grid: ${JSON.stringify({ row, col, rows, cols })}`)
    asked.push(window)
    const block = { rows, cols, values: new Float32Array(rows * cols), reasons: new Uint8Array(rows * cols) }
    for (let r = 0; r < rows; r++) {
      const from = (row + r) * grid.cols + col
      block.values.set(values.subarray(from, from + cols), r * cols)
      block.reasons.set(reasons.subarray(from, from + cols), r * cols)
    }
    return block
  }
  return { grid, kind, values, reasons, asked, read }
}

/** Values 0–1 with a share of missing cells, the same for the same seed. */
export function noise(seed: number, missingShare = 0): (row: number, col: number) => number {
  const random = new Random(seed)
  return () => {
    const value = random.uniform()
    return random.uniform() < missingShare ? NaN : value
  }
}

export function grid(
  crs: string,
  west: number,
  north: number,
  cell: number | [number, number],
  rows: number,
  cols: number,
): Grid {
  const [width, height] = typeof cell === 'number' ? [cell, cell] : cell
  return { crs, transform: [west, width, 0, north, 0, -height], rows, cols }
}
