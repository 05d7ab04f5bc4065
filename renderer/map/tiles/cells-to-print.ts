import type { Bounds } from '../view/camera.ts'
import { intersects } from '../view/camera.ts'
import type { DrawnTile } from './drawn-tiles.ts'

/** Pixels of a cell from which on its value is printed in it. */
export const printFrom = 64

/** Middles and values of the cells in view; none while cells are smaller than `printFrom` pixels. */
export function cellsToPrint(
  drawn: readonly DrawnTile[],
  view: Bounds,
  pixelsPerUnit: number,
): { x: number; y: number; value: number }[] {
  return drawn.flatMap(({ bounds, cells, tile }) => {
    const width = (bounds.east - bounds.west) / cells.cols
    const height = (bounds.north - bounds.south) / cells.rows
    if (Math.min(width, height) * pixelsPerUnit < printFrom || !intersects(bounds, view)) return []
    const out: { x: number; y: number; value: number }[] = []
    const west = bounds.west - cells.col * width
    const north = bounds.north + cells.row * height
    const fromCol = Math.max(0, Math.floor((view.west - west) / width))
    const toCol = Math.min(tile.cols, Math.ceil((view.east - west) / width))
    const fromRow = Math.max(0, Math.floor((north - view.north) / height))
    const toRow = Math.min(tile.rows, Math.ceil((north - view.south) / height))
    for (let row = fromRow; row < toRow; row++)
      for (let col = fromCol; col < toCol; col++) {
        const value = tile.values[row * tile.cols + col]
        const x = west + (col + 0.5) * width
        if (Number.isNaN(value) || x < view.west || x > view.east) continue
        out.push({ x, y: north - (row + 0.5) * height, value })
      }
    return out
  })
}
