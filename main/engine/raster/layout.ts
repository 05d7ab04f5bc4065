import type { Grid } from '../../contract/index.ts'

/** How the cells of the north-up grid lie in the stored raster. */
export interface StoredLayout {
  /** Size as stored. */
  readonly rows: number
  readonly cols: number
  /** Stored rows run along grid columns (longitude down, latitude across). Applied before the flips. */
  readonly isTransposed: boolean
  /** The first row in the file is the southernmost. */
  readonly isSouthUp: boolean
  /** The first column in the file is the easternmost. */
  readonly isEastFirst: boolean
}

export interface Placed {
  readonly grid: Grid
  readonly layout: StoredLayout
}

/** A rectangle of stored cells. */
export interface StoredWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** Stored cells under a window of the grid (the window must lie inside the grid). */
export function storedWindow(layout: StoredLayout, row: number, col: number, rows: number, cols: number): StoredWindow {
  const gridRows = layout.isTransposed ? layout.cols : layout.rows
  const gridCols = layout.isTransposed ? layout.rows : layout.cols
  const r = layout.isSouthUp ? gridRows - row - rows : row
  const c = layout.isEastFirst ? gridCols - col - cols : col
  return layout.isTransposed ? { row: c, col: r, rows: cols, cols: rows } : { row: r, col: c, rows, cols }
}

/** True when grid and file agree cell by cell. */
export function isPlain(layout: StoredLayout): boolean {
  return !layout.isTransposed && !layout.isSouthUp && !layout.isEastFirst
}
