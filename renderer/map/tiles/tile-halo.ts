import type { TileBody } from '../../../main/contract/index.ts'

/** A tile with a border of one cell all round, taken from the tiles around it, so that interpolation and outlines run on across
 *  its edges. Where no neighbour is known (yet) the border has no value, and the tile's own cells carry its edge. */
interface Haloed {
  readonly around: readonly (TileBody | null)[]
  readonly tile: TileBody
}

const made = new WeakMap<TileBody, Haloed>()

/** @param neighbour the tile so many rows of tiles below and columns to the right
 *  @returns rows + 2 × cols + 2 cells; the same object while the tiles around are the same */
export function withHalo(tile: TileBody, neighbour: (down: number, right: number) => TileBody | null): TileBody {
  const around = offsets.map(([down, right]) => neighbour(down, right))
  const before = made.get(tile)
  if (before?.around.every((each, i) => each === around[i])) return before.tile
  const { rows, cols } = tile
  const across = cols + 2
  const values = new Float32Array((rows + 2) * across).fill(Number.NaN)
  const reasons = new Uint8Array(values.length)
  const copy = (from: TileBody, row: number, col: number, to: number): void => {
    values[to] = from.values[row * from.cols + col]
    reasons[to] = from.reasons[row * from.cols + col]
  }
  for (let row = 0; row < rows; row++) {
    const to = (row + 1) * across + 1
    values.set(tile.values.subarray(row * cols, (row + 1) * cols), to)
    reasons.set(tile.reasons.subarray(row * cols, (row + 1) * cols), to)
  }
  for (const [i, [down, right]] of offsets.entries()) {
    const other = around[i]
    // Of the border on that side: its cells, by row and column of this tile.
    const [fromRow, toRow] = down < 0 ? [-1, 0] : down > 0 ? [rows, rows + 1] : [0, rows]
    const [fromCol, toCol] = right < 0 ? [-1, 0] : right > 0 ? [cols, cols + 1] : [0, cols]
    for (let row = fromRow; row < toRow; row++)
      for (let col = fromCol; col < toCol; col++) {
        const to = (row + 1) * across + col + 1
        const otherRow = down < 0 ? (other?.rows ?? 0) - 1 : down > 0 ? 0 : row
        const otherCol = right < 0 ? (other?.cols ?? 0) - 1 : right > 0 ? 0 : col
        if (other && otherRow >= 0 && otherRow < other.rows && otherCol >= 0 && otherCol < other.cols)
          copy(other, otherRow, otherCol, to)
        // An unknown neighbour has no outline of its own: the reason goes on.
        else reasons[to] = tile.reasons[clamp(row, rows) * cols + clamp(col, cols)]
      }
  }
  const haloed = { rows: rows + 2, cols: across, values, reasons }
  made.set(tile, { around, tile: haloed })
  return haloed
}

const offsets = [-1, 0, 1].flatMap((down) =>
  [-1, 0, 1].flatMap((right): [number, number][] => (down === 0 && right === 0 ? [] : [[down, right]])),
)
const clamp = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at))
