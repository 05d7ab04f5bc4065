import { LoamError } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { axisCentres, isGeographic, transformPoints } from '../raster/index.ts'

/** Squares along each side of a coarse cell; the points that stand for it when it is a neighbour. */
export const squaresPerSide = 6
export const squaresPerCell = squaresPerSide ** 2

/** How the cells of a fine grid lie in those of a coarse one. */
export interface CoarseCells {
  readonly fine: Grid
  readonly coarse: Grid
  /** Where the centre of each fine cell lies: coarse cell · 36 + square of it, row by row; −1 − the nearest coarse cell where the
   *  coarse grid does not reach. Int32Array[fine cells] */
  readonly placeOf: Int32Array
  /** Shares of rows and columns of the fine grid in those of the coarse one; null in another CRS, where a fine cell counts to the
   *  coarse cell that holds its centre. */
  readonly shares: { readonly rows: AxisShares; readonly cols: AxisShares } | null
  /** Width and height of a coarse cell in the middle of the fine grid, metres where the fine grid is in degrees. */
  readonly cellSize: { readonly width: number; readonly height: number }
}

/** Fine row i lies in coarse row first[i] with share[i] of its height, and in the next with the rest. */
interface AxisShares {
  readonly first: Int32Array
  readonly share: Float64Array
}

const rowsAtOnce = 256

/** @throws unsupported_grid when the fine cells are longer than the coarse ones, or the grids do not meet */
export function coarseCellsOf(fine: Grid, coarse: Grid): CoarseCells {
  const placeOf = new Int32Array(fine.rows * fine.cols)
  const cellSize = coarseCellSize(fine, coarse)
  const isStraight = fine.crs === coarse.crs
  const turn = isStraight && isGeographic(fine.crs) ? turnBetween(fine, coarse) : 0
  for (let row = 0; row < fine.rows; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, fine.rows - row)
    const axes = axisCentres({ grid: fine, row, col: 0, rows, cols: fine.cols })
    const [x, y] = isStraight ? [axes.x, axes.y] : carried(axes.x, axes.y, fine.crs, coarse)
    const [x0, width, , y0, , height] = coarse.transform
    for (let r = 0, i = 0; r < rows; r++)
      for (let c = 0; c < fine.cols; c++, i++) {
        const inRows = ((isStraight ? y[r] : y[i]) - y0) / height
        const inCols = ((isStraight ? x[c] : x[i]) + turn - x0) / width
        placeOf[row * fine.cols + i] = placeIn(coarse, inRows, inCols)
      }
  }
  if (placeOf.every((place) => place < 0))
    throw new LoamError(
      'unsupported_grid',
      'The coarse grid does not reach the fine one: no fine cell has its centre in a coarse cell. Give grids of one area.',
    )
  const shares = isStraight ? { rows: sharesOf(fine, coarse, 3, 5, 0), cols: sharesOf(fine, coarse, 0, 1, turn) } : null
  return { fine, coarse, placeOf, shares, cellSize }
}

/** The coarse cell that holds a fine cell, or the nearest one to it. */
export function cellAt(place: number): number {
  return place < 0 ? -1 - place : Math.floor(place / squaresPerCell)
}

/** Mean of the fine cells with a value over each coarse cell, weighed by their shares in it.
 *  @returns means, NaN where there is none; Float64Array[coarse cells] */
export function areaMeans(cells: CoarseCells, values: ArrayLike<number>): Float64Array {
  return weighedMeans(cells, values).means
}

/** The means, and how much of fine cells each is of. */
export function weighedMeans(
  { fine, coarse, placeOf, shares }: CoarseCells,
  values: ArrayLike<number>,
): { means: Float64Array; weights: Float64Array } {
  const sums = new Float64Array(coarse.rows * coarse.cols)
  const weights = new Float64Array(coarse.rows * coarse.cols)
  const add = (row: number, col: number, weight: number, value: number): void => {
    if (!(weight > 0) || row < 0 || col < 0 || row >= coarse.rows || col >= coarse.cols) return
    sums[row * coarse.cols + col] += weight * value
    weights[row * coarse.cols + col] += weight
  }
  for (let row = 0, i = 0; row < fine.rows; row++)
    for (let col = 0; col < fine.cols; col++, i++) {
      const value = values[i]
      if (Number.isNaN(value)) continue
      const down = shares ? shares.rows.share[row] : 1
      const across = shares ? shares.cols.share[col] : 1
      if (down === 1 && across === 1) {
        if (placeOf[i] < 0) continue
        const cell = cellAt(placeOf[i])
        sums[cell] += value
        weights[cell]++
        continue
      }
      const [top, left] = [shares!.rows.first[row], shares!.cols.first[col]]
      add(top, left, down * across, value)
      add(top, left + 1, down * (1 - across), value)
      add(top + 1, left, (1 - down) * across, value)
      add(top + 1, left + 1, (1 - down) * (1 - across), value)
    }
  for (let i = 0; i < sums.length; i++) sums[i] = weights[i] > 0 ? sums[i] / weights[i] : Number.NaN
  return { means: sums, weights }
}

/** Adds to each fine cell the shifts of the coarse cells it lies in, by its shares in them, in place. A missing shift is none. */
export function addShifts(
  { fine, coarse, placeOf, shares }: CoarseCells,
  shifts: Float64Array,
  values: Float32Array | Float64Array,
): void {
  const at = (row: number, col: number): number => {
    if (row < 0 || col < 0 || row >= coarse.rows || col >= coarse.cols) return 0
    return shifts[row * coarse.cols + col] || 0
  }
  for (let row = 0, i = 0; row < fine.rows; row++)
    for (let col = 0; col < fine.cols; col++, i++) {
      const down = shares ? shares.rows.share[row] : 1
      const across = shares ? shares.cols.share[col] : 1
      if (down === 1 && across === 1) {
        if (placeOf[i] >= 0) values[i] += shifts[cellAt(placeOf[i])] || 0
        continue
      }
      const [top, left] = [shares!.rows.first[row], shares!.cols.first[col]]
      values[i] +=
        down * (across * at(top, left) + (1 - across) * at(top, left + 1)) +
        (1 - down) * (across * at(top + 1, left) + (1 - across) * at(top + 1, left + 1))
    }
}

/** Names the coarse cells that a fine cell counts to. */
export function eachCoarseCell(
  { fine, coarse, placeOf, shares }: CoarseCells,
  i: number,
  name: (cell: number) => void,
): void {
  const [row, col] = [Math.floor(i / fine.cols), i % fine.cols]
  const down = shares ? shares.rows.share[row] : 1
  const across = shares ? shares.cols.share[col] : 1
  if (down === 1 && across === 1) {
    if (placeOf[i] >= 0) name(cellAt(placeOf[i]))
    return
  }
  const [top, left] = [shares!.rows.first[row], shares!.cols.first[col]]
  for (const r of down < 1 ? [top, top + 1] : [top])
    for (const c of across < 1 ? [left, left + 1] : [left])
      if (r >= 0 && c >= 0 && r < coarse.rows && c < coarse.cols) name(r * coarse.cols + c)
}

/** Centres of the coarse cells in the CRS of the fine grid. */
export function coarseCentres(fine: Grid, coarse: Grid): { x: Float64Array; y: Float64Array } {
  const axes = axisCentres({ grid: coarse, row: 0, col: 0, rows: coarse.rows, cols: coarse.cols })
  const [x, y] = crossed(axes.x, axes.y)
  transformPoints(coarse.crs, fine.crs, x, y)
  return { x, y }
}

function placeIn(coarse: Grid, inRows: number, inCols: number): number {
  const isInside = inRows >= 0 && inCols >= 0 && inRows < coarse.rows && inCols < coarse.cols
  const row = Math.min(coarse.rows - 1, Math.max(0, Math.floor(inRows) || 0))
  const col = Math.min(coarse.cols - 1, Math.max(0, Math.floor(inCols) || 0))
  if (!isInside) return -1 - (row * coarse.cols + col)
  const down = Math.min(squaresPerSide - 1, Math.floor((inRows - row) * squaresPerSide))
  const across = Math.min(squaresPerSide - 1, Math.floor((inCols - col) * squaresPerSide))
  return (row * coarse.cols + col) * squaresPerCell + down * squaresPerSide + across
}

function crossed(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const n = x.length * y.length
  return [
    Float64Array.from({ length: n }, (_, i) => x[i % x.length]),
    Float64Array.from({ length: n }, (_, i) => y[Math.floor(i / x.length)]),
  ]
}

/** All cells of rows of the fine grid in the CRS of the coarse one. */
function carried(axisX: Float64Array, axisY: Float64Array, crs: string, coarse: Grid): [Float64Array, Float64Array] {
  const [x, y] = crossed(axisX, axisY)
  transformPoints(crs, coarse.crs, x, y)
  if (isGeographic(coarse.crs)) {
    const middle = coarse.transform[0] + (coarse.cols / 2) * coarse.transform[1]
    for (let i = 0; i < x.length; i++) x[i] -= 360 * Math.round((x[i] - middle) / 360)
  }
  return [x, y]
}

/** Whole turns that bring the middle of the fine grid to that of the coarse one: longitudes count from −180 or from 0. */
function turnBetween(fine: Grid, coarse: Grid): number {
  const middle = ({ transform, cols }: Grid): number => transform[0] + (cols / 2) * transform[1]
  return 360 * Math.round((middle(coarse) - middle(fine)) / 360)
}

function sharesOf(fine: Grid, coarse: Grid, origin: 0 | 3, step: 1 | 5, turn: number): AxisShares {
  const length = step === 1 ? fine.cols : fine.rows
  const size = fine.transform[step] / coarse.transform[step]
  const offset = (fine.transform[origin] + turn - coarse.transform[origin]) / coarse.transform[step]
  const first = new Int32Array(length)
  const share = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const begin = offset + i * size
    // A cell within a thousandth of its side of a border lies on one side of it.
    first[i] = Math.floor(begin + 1e-3 * size)
    share[i] = (first[i] + 1 - begin) / size > 1 - 1e-3 ? 1 : (first[i] + 1 - begin) / size
  }
  return { first, share }
}

/** Width and height of a coarse cell in the middle of the fine grid.
 *  @throws unsupported_grid when fine cells are longer than coarse ones */
export function coarseCellSize(fine: Grid, coarse: Grid): { width: number; height: number } {
  const middleRow = Math.floor(fine.rows / 2)
  const middleCol = Math.floor(fine.cols / 2)
  const centre = axisCentres({ grid: fine, row: middleRow, col: middleCol, rows: 1, cols: 1 })
  const [x, y] = [Float64Array.of(centre.x[0]), Float64Array.of(centre.y[0])]
  transformPoints(fine.crs, coarse.crs, x, y)
  const [, stepX, , , , stepY] = coarse.transform
  const [alongX, alongY] = [Float64Array.of(x[0], x[0] + stepX, x[0]), Float64Array.of(y[0], y[0], y[0] + stepY)]
  transformPoints(coarse.crs, fine.crs, alongX, alongY)
  const isDegrees = isGeographic(fine.crs)
  const metresUp = isDegrees ? (6_371_008.8 * Math.PI) / 180 : 1
  const metresAlong = metresUp * (isDegrees ? Math.cos((centre.y[0] * Math.PI) / 180) : 1)
  const length = (i: number): number =>
    Math.hypot((alongX[i] - alongX[0]) * metresAlong, (alongY[i] - alongY[0]) * metresUp)
  const size = { width: length(1), height: length(2) }
  const own = { width: fine.transform[1] * metresAlong, height: -fine.transform[5] * metresUp }
  if (!(size.width > 0.999 * own.width && size.height > 0.999 * own.height))
    throw new LoamError(
      'unsupported_grid',
      `The coarse cells are ${size.width.toPrecision(4)} × ${size.height.toPrecision(4)}, the fine ones ${own.width.toPrecision(4)} × ${own.height.toPrecision(4)}. ` +
        'A residual is brought from a coarse grid to a finer one; exchange them, or choose a finer grid.',
    )
  return size
}
