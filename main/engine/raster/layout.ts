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
  /** Columns that were moved from the east end to the west so that a world grid runs from 180° W to 180° E and not from
   *  0° to 360°: grid column c is column (c + movedCols) mod cols of the file. Usually 0. */
  readonly movedCols: number
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

/** Columns of the grid [left, right) as runs that lie together in the file, each with its first column there. */
export function columnRuns(
  layout: StoredLayout,
  left: number,
  right: number,
): { left: number; right: number; from: number }[] {
  const moved = layout.movedCols
  if (moved === 0) return [{ left, right, from: left }]
  const seam = (layout.isTransposed ? layout.rows : layout.cols) - moved
  const runs = []
  if (left < seam) runs.push({ left, right: Math.min(right, seam), from: left + moved })
  if (right > seam) runs.push({ left: Math.max(left, seam), right, from: Math.max(left, seam) - seam })
  return runs
}

/** Stored cells under a window of the grid (the window must lie inside the grid; `col` as `columnRuns` gives it). */
export function storedWindow(layout: StoredLayout, row: number, col: number, rows: number, cols: number): StoredWindow {
  const gridRows = layout.isTransposed ? layout.cols : layout.rows
  const gridCols = layout.isTransposed ? layout.rows : layout.cols
  const r = layout.isSouthUp ? gridRows - row - rows : row
  const c = layout.isEastFirst ? gridCols - col - cols : col
  return layout.isTransposed ? { row: c, col: r, rows: cols, cols: rows } : { row: r, col: c, rows, cols }
}

/** True when grid and file agree cell by cell. */
export function isPlain(layout: StoredLayout): boolean {
  return !layout.isTransposed && !layout.isSouthUp && !layout.isEastFirst && layout.movedCols === 0
}
