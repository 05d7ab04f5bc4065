import type { Grid, GridWindow } from '../../contract/index.ts'
import { addRunToCell, addToCell } from './cell-means.ts'
import type { CellMeans, SourceStrip } from './cell-means.ts'
import type { GridRatio } from './grid-ratio.ts'
import { columnsAround, nearest, pixelCoordinates, toSourceCells } from './pixel-coordinates.ts'
import { coverPolygon } from './polygon-coverage.ts'
import { areaOf, gather, highest, isPlace, lowest, widen } from './quadrilateral.ts'

/** What each cell of a target window reads from a source in another CRS. */
export interface Footprints {
  readonly rows: number
  readonly cols: number
  /** Source cells of target cell i: rows [bounds[4i], bounds[4i+1]), columns [bounds[4i+2], bounds[4i+3]); empty when none. */
  readonly bounds: Int32Array
  /** Weight of the whole footprint of each cell; 0 where interpolation cannot reach. */
  readonly full: Float64Array
  /** Adds the part of cell i's footprint that lies in the strip. */
  add(cell: number, strip: SourceStrip, means: CellMeans): void
}

/** True when the source's columns go once around the globe. */
export function goesAround(source: Grid): boolean {
  const around = columnsAround(source)
  return around !== null && Math.abs(around - source.cols) < 0.01
}

/** Interpolation at cell centres: bilinear, or the nearest cell of a categorical source. */
export function centreFootprints(source: Grid, target: GridWindow, isNearest: boolean): Footprints {
  const { rows, cols } = target
  const { col: x, row: y } = pixelCoordinates(source, target.grid, {
    row: target.row,
    col: target.col,
    rows,
    cols,
    shift: 0.5,
  })
  const isRound = goesAround(source)
  const bounds = new Int32Array(rows * cols * 4)
  const full = new Float64Array(rows * cols)
  for (let cell = 0; cell < rows * cols; cell++) {
    // Also false for NaN.
    const isInside = y[cell] >= 0 && y[cell] <= source.rows && (isRound ? true : x[cell] >= 0 && x[cell] <= source.cols)
    if (!isInside) continue
    full[cell] = 1
    y[cell] = reach(y[cell], source.rows, false, isNearest)
    x[cell] = reach(x[cell], source.cols, isRound, isNearest)
    const rowFrom = Math.floor(y[cell])
    const colFrom = Math.floor(x[cell])
    bounds[4 * cell] = rowFrom
    bounds[4 * cell + 1] = y[cell] > rowFrom ? rowFrom + 2 : rowFrom + 1
    bounds[4 * cell + 2] = colFrom
    bounds[4 * cell + 3] = x[cell] > colFrom ? colFrom + 2 : colFrom + 1
  }
  return { rows, cols, bounds, full, add }

  function add(cell: number, strip: SourceStrip, means: CellMeans): void {
    for (let row = bounds[4 * cell]; row < bounds[4 * cell + 1]; row++) {
      if (row < strip.row || row >= strip.row + strip.rows) continue
      const across = 1 - Math.abs(row - y[cell])
      const base = (row - strip.row) * strip.cols - strip.col
      for (let col = bounds[4 * cell + 2]; col < bounds[4 * cell + 3]; col++)
        addToCell(means, cell, strip, base + col, across * (1 - Math.abs(col - x[cell])))
    }
  }
}

/** Start of the one-cell stretch that a centre reads; a whole number for the nearest cell. */
function reach(centre: number, size: number, isRound: boolean, isNearest: boolean): number {
  if (isNearest) return isRound ? Math.floor(centre) : Math.min(Math.floor(centre), size - 1)
  return isRound ? centre - 0.5 : Math.min(Math.max(centre - 0.5, 0), size - 1)
}

/** Exact overlap of each target cell, a quadrilateral on the source, with the source cells. */
export function areaFootprints(source: Grid, target: GridWindow, ratio: GridRatio): Footprints {
  const { rows, cols } = target
  const corners = pixelCoordinates(source, target.grid, {
    row: target.row,
    col: target.col,
    rows: rows + 1,
    cols: cols + 1,
    shift: 0,
  })
  const around = columnsAround(source)
  const isRound = goesAround(source)
  const bounds = new Int32Array(rows * cols * 4)
  const full = new Float64Array(rows * cols).fill(1)
  const quadX = new Float64Array(rows * cols * 4)
  const quadY = new Float64Array(rows * cols * 4)
  const suspects: number[] = []
  const x = new Float64Array(4)
  const y = new Float64Array(4)
  const suspiciousSize = 16 + 4 * (ratio.x + ratio.y)
  for (let row = 0, cell = 0; row < rows; row++)
    for (let col = 0; col < cols; col++, cell++) {
      const upper = row * (cols + 1) + col
      const lower = upper + cols + 1
      takeCorner(0, upper)
      takeCorner(1, upper + 1)
      takeCorner(2, lower + 1)
      takeCorner(3, lower)
      if (!isPlace(x, y)) continue
      if (around !== null) gather(x, around, source.cols / 2)
      widen(x, y)
      quadX.set(x, 4 * cell)
      quadY.set(y, 4 * cell)
      full[cell] = areaOf(x, y)
      const [left, right, top, bottom] = [lowest(x), highest(x), lowest(y), highest(y)]
      if (right - left > suspiciousSize || bottom - top > suspiciousSize) suspects.push(cell)
      bounds[4 * cell] = Math.max(0, Math.floor(top))
      bounds[4 * cell + 1] = Math.min(source.rows, Math.ceil(bottom))
      bounds[4 * cell + 2] = isRound ? Math.floor(left) : Math.max(0, Math.floor(left))
      bounds[4 * cell + 3] = isRound ? Math.ceil(right) : Math.min(source.cols, Math.ceil(right))
    }
  dropTorn()
  let buffer = new Float64Array(4096)
  return { rows, cols, bounds, full, add }

  function takeCorner(corner: number, node: number): void {
    x[corner] = corners.col[node]
    y[corner] = corners.row[node]
  }

  /** A cell on the seam of a world projection has corners on both sides of the world; its centre is then far from the
   *  middle of its corners. Such a cell has no area on the source and stays `outside_source`. */
  function dropTorn(): void {
    const col = Float64Array.from(suspects, (cell) => target.col + (cell % cols) + 0.5)
    const row = Float64Array.from(suspects, (cell) => target.row + Math.floor(cell / cols) + 0.5)
    toSourceCells(source, target.grid, col, row)
    suspects.forEach((cell, i) => {
      takeQuad(cell)
      const middleX = (x[0] + x[1] + x[2] + x[3]) / 4
      const middleY = (y[0] + y[1] + y[2] + y[3]) / 4
      const centreX = around === null ? col[i] : nearest(col[i], middleX, around)
      const size = Math.hypot(highest(x) - lowest(x), highest(y) - lowest(y))
      if (Math.hypot(centreX - middleX, row[i] - middleY) < size / 5) return
      bounds.fill(0, 4 * cell, 4 * cell + 4)
      full[cell] = 1
    })
  }

  function takeQuad(cell: number): void {
    for (let i = 0; i < 4; i++) {
      x[i] = quadX[4 * cell + i]
      y[i] = quadY[4 * cell + i]
    }
  }

  function add(cell: number, strip: SourceStrip, means: CellMeans): void {
    const rowFrom = Math.max(bounds[4 * cell], strip.row)
    const rowTo = Math.min(bounds[4 * cell + 1], strip.row + strip.rows)
    const colFrom = bounds[4 * cell + 2]
    const colTo = bounds[4 * cell + 3]
    if (rowFrom >= rowTo || colFrom >= colTo) return
    const needed = (rowTo - rowFrom) * (colTo - colFrom + 2)
    if (needed > buffer.length) buffer = new Float64Array(needed)
    const stride = colTo - colFrom + 2
    const box = { row: rowFrom, col: colFrom, rows: rowTo - rowFrom, cols: colTo - colFrom, shares: buffer }
    takeQuad(cell)
    coverPolygon(x, y, box)
    for (let row = 0; row < box.rows; row++) {
      const k = (rowFrom + row - strip.row) * strip.cols + colFrom - strip.col
      addRunToCell(means, cell, strip, k, buffer, row * stride, box.cols)
    }
    buffer.fill(0, 0, needed)
  }
}
