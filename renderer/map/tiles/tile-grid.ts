import type { Grid, TiledLayer } from '../../../main/contract/index.ts'
import type { Bounds } from '../view/camera.ts'

/** Place of a tile in its layer: level 0 has the grid's own cells. */
export interface TilePlace {
  readonly level: number
  readonly row: number
  readonly col: number
}
type Tiling = Pick<TiledLayer, 'grid' | 'levels' | 'tileCells'>

/** Rectangle of a whole north-up grid in its CRS. */
export function gridBounds({ transform, rows, cols }: Grid): Bounds {
  const [west, width, , north, , height] = transform
  return { west, north, east: west + cols * width, south: north + rows * height }
}

/** The level whose cells are nearest to one device pixel. */
export function levelFor({ grid, levels }: Tiling, pixelsPerUnit: number): number {
  const cellPixels = pixelsPerUnit * Math.min(Math.abs(grid.transform[1]), Math.abs(grid.transform[5]))
  return Math.min(levels - 1, Math.max(0, Math.round(-Math.log2(cellPixels))))
}

/** Tiles of a level that meet a rectangle, those nearest its middle first. */
export function tilesIn(tiling: Tiling, level: number, view: Bounds): TilePlace[] {
  const { grid, tileCells } = tiling
  const [west, width, , north, , height] = grid.transform
  const across = tileCells * 2 ** level * width
  const down = -tileCells * 2 ** level * height
  const lastCol = Math.ceil(grid.cols / (tileCells * 2 ** level)) - 1
  const lastRow = Math.ceil(grid.rows / (tileCells * 2 ** level)) - 1
  const fromCol = Math.max(0, Math.floor((view.west - west) / across))
  const toCol = Math.min(lastCol, Math.ceil((view.east - west) / across) - 1)
  const fromRow = Math.max(0, Math.floor((north - view.north) / down))
  const toRow = Math.min(lastRow, Math.ceil((north - view.south) / down) - 1)
  const places: TilePlace[] = []
  for (let row = fromRow; row <= toRow; row++)
    for (let col = fromCol; col <= toCol; col++) places.push({ level, row, col })
  const middleCol = ((view.west + view.east) / 2 - west) / across - 0.5
  const middleRow = (north - (view.north + view.south) / 2) / down - 0.5
  const distance = ({ row, col }: TilePlace) => (row - middleRow) ** 2 + (col - middleCol) ** 2
  return places.sort((a, b) => distance(a) - distance(b))
}

/** A part of a tile, in cells of the tile from its upper-left corner; may be fractions. */
export interface CellRect {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** What a tile covers: its cells clipped to the grid (a coarse cell at the right or lower edge may reach beyond it), in the
 *  layer's CRS and in cells of the tile. */
export function tileExtent({ grid, tileCells }: Tiling, { level, row, col }: TilePlace) {
  const [west, width, , north, , height] = grid.transform
  const step = 2 ** level
  const firstCol = col * tileCells * step
  const firstRow = row * tileCells * step
  const endCol = Math.min(grid.cols, firstCol + tileCells * step)
  const endRow = Math.min(grid.rows, firstRow + tileCells * step)
  const bounds: Bounds = {
    west: west + firstCol * width,
    east: west + endCol * width,
    north: north + firstRow * height,
    south: north + endRow * height,
  }
  const cells: CellRect = { row: 0, col: 0, rows: (endRow - firstRow) / step, cols: (endCol - firstCol) / step }
  return { bounds, cells }
}

/** The tile `up` levels above that holds a tile, and the part of it that lies under that tile. */
export function ancestorOf(tiling: Tiling, place: TilePlace, up: number): { place: TilePlace; cells: CellRect } | null {
  const level = place.level + up
  if (level >= tiling.levels) return null
  const factor = 2 ** up
  const ancestor = { level, row: Math.floor(place.row / factor), col: Math.floor(place.col / factor) }
  const share = tiling.tileCells / factor
  const own = tileExtent(tiling, place).cells
  return {
    place: ancestor,
    cells: {
      row: (place.row - ancestor.row * factor) * share,
      col: (place.col - ancestor.col * factor) * share,
      rows: own.rows / factor,
      cols: own.cols / factor,
    },
  }
}

/** The four tiles one level finer under a tile. */
export function childrenOf({ level, row, col }: TilePlace): TilePlace[] {
  if (level === 0) return []
  return [0, 1].flatMap((down) =>
    [0, 1].map((right) => ({ level: level - 1, row: 2 * row + down, col: 2 * col + right })),
  )
}
