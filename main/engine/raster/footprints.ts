import type { Grid, GridWindow } from '../../contract/index.ts'
import { addToCell } from './cell-means.ts'
import type { CellMeans, SourceStrip } from './cell-means.ts'
import type { GridRatio } from './grid-ratio.ts'
import { columnsAround, nearest, pixelCoordinates, toSourceCells } from './pixel-coordinates.ts'
import { coverPolygon } from './polygon-coverage.ts'

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
  for (let cell = 0; cell < rows * cols; cell++) {
    const x = quadX.subarray(4 * cell, 4 * cell + 4)
    const y = quadY.subarray(4 * cell, 4 * cell + 4)
    const upper = Math.floor(cell / cols) * (cols + 1) + (cell % cols)
    takeCorner(0, upper)
    takeCorner(1, upper + 1)
    takeCorner(2, upper + cols + 2)
    takeCorner(3, upper + cols + 1)
    if (!isPlace(x, y)) continue
    if (around !== null) gather(x, around, source.cols / 2)
    widen(x, y)
    const width = Math.max(...x) - Math.min(...x)
    const height = Math.max(...y) - Math.min(...y)
    if (width > 16 + 4 * (ratio.x + ratio.y) || height > 16 + 4 * (ratio.x + ratio.y)) suspects.push(cell)
    full[cell] = areaOf(x, y)
    setBounds(cell, x, y)

    function takeCorner(corner: number, node: number): void {
      x[corner] = corners.col[node]
      y[corner] = corners.row[node]
    }
  }
  dropTorn()
  let buffer = new Float64Array(4096)
  return { rows, cols, bounds, full, add }

  function setBounds(cell: number, x: Float64Array, y: Float64Array): void {
    bounds[4 * cell] = Math.max(0, Math.floor(Math.min(...y)))
    bounds[4 * cell + 1] = Math.min(source.rows, Math.ceil(Math.max(...y)))
    bounds[4 * cell + 2] = isRound ? Math.floor(Math.min(...x)) : Math.max(0, Math.floor(Math.min(...x)))
    bounds[4 * cell + 3] = isRound ? Math.ceil(Math.max(...x)) : Math.min(source.cols, Math.ceil(Math.max(...x)))
  }

  /** A cell on the seam of a world projection has corners on both sides of the world; its centre is then far from the
   *  middle of its corners. Such a cell has no area on the source and stays `outside_source`. */
  function dropTorn(): void {
    const col = Float64Array.from(suspects, (cell) => target.col + (cell % cols) + 0.5)
    const row = Float64Array.from(suspects, (cell) => target.row + Math.floor(cell / cols) + 0.5)
    toSourceCells(source, target.grid, col, row)
    suspects.forEach((cell, i) => {
      const x = quadX.subarray(4 * cell, 4 * cell + 4)
      const y = quadY.subarray(4 * cell, 4 * cell + 4)
      const middleX = (x[0] + x[1] + x[2] + x[3]) / 4
      const middleY = (y[0] + y[1] + y[2] + y[3]) / 4
      const centreX = around === null ? col[i] : nearest(col[i], middleX, around)
      const size = Math.hypot(Math.max(...x) - Math.min(...x), Math.max(...y) - Math.min(...y))
      if (Math.hypot(centreX - middleX, row[i] - middleY) < size / 5) return
      bounds.fill(0, 4 * cell, 4 * cell + 4)
      full[cell] = 1
    })
  }

  function add(cell: number, strip: SourceStrip, means: CellMeans): void {
    const rowFrom = Math.max(bounds[4 * cell], strip.row)
    const rowTo = Math.min(bounds[4 * cell + 1], strip.row + strip.rows)
    const colFrom = bounds[4 * cell + 2]
    const colTo = bounds[4 * cell + 3]
    if (rowFrom >= rowTo || colFrom >= colTo) return
    const needed = (rowTo - rowFrom) * (colTo - colFrom + 2)
    if (needed > buffer.length) buffer = new Float64Array(needed)
    const box = { row: rowFrom, col: colFrom, rows: rowTo - rowFrom, cols: colTo - colFrom, area: buffer }
    coverPolygon(
      quadX.subarray(4 * cell, 4 * cell + 4),
      quadY.subarray(4 * cell, 4 * cell + 4),
      box,
      (row, col, share) => addToCell(means, cell, strip, (row - strip.row) * strip.cols + (col - strip.col), share),
    )
  }
}

function isPlace(x: Float64Array, y: Float64Array): boolean {
  return Number.isFinite(x[0] + x[1] + x[2] + x[3] + y[0] + y[1] + y[2] + y[3])
}

/** Corners of one cell brought to one turn of longitude, the one nearest the source. */
function gather(x: Float64Array, around: number, middle: number): void {
  for (let i = 1; i < 4; i++) x[i] = nearest(x[i], x[0], around)
  const centre = (x[0] + x[1] + x[2] + x[3]) / 4
  const shift = nearest(centre, middle, around) - centre
  for (let i = 0; i < 4; i++) x[i] += shift
}

/** A side shorter than a source cell grows about the centre to one source cell: overlap then turns into linear
 *  interpolation along that side. */
function widen(x: Float64Array, y: Float64Array): void {
  const ux = (x[1] + x[2] - x[0] - x[3]) / 2
  const uy = (y[1] + y[2] - y[0] - y[3]) / 2
  const vx = (x[3] + x[2] - x[0] - x[1]) / 2
  const vy = (y[3] + y[2] - y[0] - y[1]) / 2
  const u = Math.hypot(ux, uy)
  const v = Math.hypot(vx, vy)
  if (!(u < 1 || v < 1) || u === 0 || v === 0) return
  const growU = Math.max(1, 1 / u) / 2
  const growV = Math.max(1, 1 / v) / 2
  const centreX = (x[0] + x[1] + x[2] + x[3]) / 4
  const centreY = (y[0] + y[1] + y[2] + y[3]) / 4
  const signs = [-1, -1, 1, -1, 1, 1, -1, 1]
  for (let i = 0; i < 4; i++) {
    x[i] = centreX + signs[2 * i] * growU * ux + signs[2 * i + 1] * growV * vx
    y[i] = centreY + signs[2 * i] * growU * uy + signs[2 * i + 1] * growV * vy
  }
}

function areaOf(x: Float64Array, y: Float64Array): number {
  return Math.abs((x[2] - x[0]) * (y[3] - y[1]) - (x[3] - x[1]) * (y[2] - y[0])) / 2
}
