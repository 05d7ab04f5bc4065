import type { ScratchFile } from '../files/index.ts'

/** A rectangle of a fine grid. */
export interface CellWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** A fine map that is read and written window by window, so that it need not lie in memory. float32, NaN missing. */
export interface FineMap {
  /** @returns values of a window, for the caller to keep. Float32Array[rows × cols] */
  read(window: CellWindow): Float32Array
  write(window: CellWindow, values: Float32Array): void
}

/** @param values changed by writes. Float32Array[rows × cols of the map] */
export function mapInMemory(values: Float32Array, mapCols: number): FineMap {
  return {
    read({ row, col, rows, cols }) {
      if (cols === mapCols) return values.slice(row * cols, (row + rows) * cols)
      const part = new Float32Array(rows * cols)
      for (let r = 0; r < rows; r++) {
        const from = (row + r) * mapCols + col
        part.set(values.subarray(from, from + cols), r * cols)
      }
      return part
    },
    write({ row, col, rows, cols }, part) {
      for (let r = 0; r < rows; r++) values.set(part.subarray(r * cols, (r + 1) * cols), (row + r) * mapCols + col)
    },
  }
}

export function mapOnDisk(file: ScratchFile, mapCols: number): FineMap {
  const bytesOf = (values: Float32Array): Uint8Array =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const eachRun = (
    { row, col, rows, cols }: CellWindow,
    work: (from: number, to: number, position: number) => void,
  ) => {
    if (cols === mapCols) return work(0, rows * cols * 4, row * mapCols * 4)
    for (let r = 0; r < rows; r++) work(r * cols * 4, (r + 1) * cols * 4, ((row + r) * mapCols + col) * 4)
  }
  return {
    read(window) {
      const part = new Float32Array(window.rows * window.cols)
      eachRun(window, (from, to, position) => file.read(bytesOf(part).subarray(from, to), position))
      return part
    },
    write(window, part) {
      eachRun(window, (from, to, position) => file.write(bytesOf(part).subarray(from, to), position))
    },
  }
}

const cellsPerStrip = 500_000

/** Goes over a grid from its first row to its last in strips of whole rows, so that sums are always rounded in one order; other work
 *  gets its turn between them.
 *  @throws cancelled after `signal` */
export async function eachStrip(
  { rows, cols }: { readonly rows: number; readonly cols: number },
  work: (strip: CellWindow) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  for (const strip of stripsOf(rows, cols)) {
    signal?.throwIfAborted()
    await work(strip)
    await new Promise(setImmediate)
  }
}

export function* stripsOf(rows: number, cols: number): Generator<CellWindow> {
  const atOnce = Math.max(1, Math.floor(cellsPerStrip / cols))
  for (let row = 0; row < rows; row += atOnce) yield { row, col: 0, rows: Math.min(atOnce, rows - row), cols }
}
