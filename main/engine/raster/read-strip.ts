import { LoamError } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'
import type { BlockSource } from './block-source.ts'
import { planesOf } from './cell-means.ts'
import type { SourceStrip } from './cell-means.ts'

/** Most source cells held at once: 10 MB of values and reasons, up to 32 MB more while directions are averaged. */
export const maxSourceCells = 2_000_000

export interface SourceRange {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** Reads source rows inside the grid. Columns may lie beyond it when longitude comes round every `grid.cols` columns. */
export async function readStrip(source: BlockSource, range: SourceRange, signal?: AbortSignal): Promise<SourceStrip> {
  const block = await readRound(source, range, signal)
  return { ...range, reasons: block.reasons, planes: planesOf(source.kind, block.values) }
}

/** Like `source.read`, with columns counted on and on around the globe. */
export async function readRound(source: BlockSource, range: SourceRange, signal?: AbortSignal): Promise<Block> {
  const size = source.grid.cols
  const { row, rows, cols } = range
  const firstTurn = Math.floor(range.col / size)
  const lastTurn = Math.floor((range.col + cols - 1) / size)
  throwIfStopped(signal)
  if (firstTurn === lastTurn)
    return source.read({ grid: source.grid, row, col: range.col - firstTurn * size, rows, cols }, signal)
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  for (let turn = firstTurn; turn <= lastTurn; turn++) {
    const from = Math.max(range.col, turn * size)
    const to = Math.min(range.col + cols, (turn + 1) * size)
    const window = { grid: source.grid, row, col: from - turn * size, rows, cols: to - from }
    throwIfStopped(signal)
    const part = await source.read(window, signal)
    for (let r = 0; r < rows; r++) {
      const at = r * cols + from - range.col
      values.set(part.values.subarray(r * part.cols, (r + 1) * part.cols), at)
      reasons.set(part.reasons.subarray(r * part.cols, (r + 1) * part.cols), at)
    }
  }
  return { rows, cols, values, reasons }
}

export function throwIfStopped(signal?: AbortSignal): void {
  if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
}
