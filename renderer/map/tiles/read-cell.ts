import type { DrawnTile } from './drawn-tiles.ts'

/** The number under a place, from the tiles that are drawn; no question to the engine and none to the graphics card. */
export interface CellReading {
  /** Exact float32 of the cell; NaN where there is none. */
  readonly value: number
  readonly reason: number
  /** Level of the tile it was read from; above 0 it is an overview's mean, not a cell of the map. */
  readonly level: number
  /** Row and column in the level's grid. */
  readonly row: number
  readonly col: number
}

/** @returns null where nothing is drawn */
export function readCell(
  drawn: readonly DrawnTile[],
  tileCells: number,
  { x, y }: { x: number; y: number },
): CellReading | null {
  for (let i = drawn.length - 1; i >= 0; i--) {
    const { bounds, cells, tile, address } = drawn[i]
    if (x < bounds.west || x >= bounds.east || y > bounds.north || y <= bounds.south) continue
    const col = Math.floor(cells.col + ((x - bounds.west) / (bounds.east - bounds.west)) * cells.cols)
    const row = Math.floor(cells.row + ((bounds.north - y) / (bounds.north - bounds.south)) * cells.rows)
    const at = Math.min(tile.rows - 1, row) * tile.cols + Math.min(tile.cols - 1, col)
    return {
      value: tile.values[at],
      reason: tile.reasons[at],
      level: address.level,
      row: address.row * tileCells + row,
      col: address.col * tileCells + col,
    }
  }
  return null
}
