import type { Grid } from '../../contract/index.ts'
import { axisCentres, isGeographic, transformPoints } from '../raster/index.ts'
import type { CellWindow } from './fine-map.ts'

/** Squares along each side of a coarse cell; the points that stand for it when it is a neighbour. */
export const squaresPerSide = 6
export const squaresPerCell = squaresPerSide ** 2

/** Where the centre of each fine cell of a window lies: coarse cell · 36 + square of it, row by row; −1 − the nearest coarse cell
 *  where the coarse grid does not reach. Int32Array[rows × cols] */
export type PlacesOf = (window: CellWindow) => Int32Array

/** The coarse cell that holds a fine cell, or the nearest one to it. */
export function cellAt(place: number): number {
  return place < 0 ? -1 - place : Math.floor(place / squaresPerCell)
}

/** Places on a coarse grid of the same CRS: those of a row and of a column.
 *  @param turn what is added to longitudes of the fine grid
 *  @returns null when no fine cell lies in a coarse one */
export function straightPlaces(fine: Grid, coarse: Grid, turn: number): PlacesOf | null {
  const axes = axisCentres({ grid: fine, row: 0, col: 0, rows: fine.rows, cols: fine.cols })
  const [x0, width, , y0, , height] = coarse.transform
  const down = axisPlaces(axes.y, coarse.rows, (y) => (y - y0) / height)
  const across = axisPlaces(axes.x, coarse.cols, (x) => (x + turn - x0) / width)
  if (!down.isInside.includes(1) || !across.isInside.includes(1)) return null
  return ({ row, col, rows, cols }) => {
    const places = new Int32Array(rows * cols)
    for (let r = row, i = 0; r < row + rows; r++) {
      const [first, square, isIn] = [down.cell[r] * coarse.cols, down.square[r] * squaresPerSide, down.isInside[r]]
      for (let c = col; c < col + cols; c++, i++) {
        const cell = first + across.cell[c]
        places[i] = isIn & across.isInside[c] ? cell * squaresPerCell + square + across.square[c] : -1 - cell
      }
    }
    return places
  }
}

function axisPlaces(
  centres: Float64Array,
  cells: number,
  inCells: (centre: number) => number,
): { cell: Int32Array; square: Int32Array; isInside: Uint8Array } {
  const cell = new Int32Array(centres.length)
  const square = new Int32Array(centres.length)
  const isInside = new Uint8Array(centres.length)
  for (let i = 0; i < centres.length; i++) {
    const at = inCells(centres[i])
    isInside[i] = at >= 0 && at < cells ? 1 : 0
    cell[i] = nearestCell(at, cells)
    square[i] = squareOf(at - cell[i])
  }
  return { cell, square, isInside }
}

const nearestCell = (at: number, cells: number): number => Math.min(cells - 1, Math.max(0, Math.floor(at) || 0))
const squareOf = (share: number): number => Math.min(squaresPerSide - 1, Math.floor(share * squaresPerSide))

const rowsAtOnce = 256

/** Places on a coarse grid of another CRS. Carrying a point there takes as long as anything else that is done with it, so places are
 *  found once and kept as runs of equal ones along the rows: 8 bytes each, of which a coarse cell of 100 × 100 fine ones has some 600.
 *  @returns null when no fine cell lies in a coarse one */
export function carriedPlaces(fine: Grid, coarse: Grid): PlacesOf | null {
  const runs = new Runs(fine.rows)
  let isAnyInside = false
  const [x0, width, , y0, , height] = coarse.transform
  const middle = x0 + (coarse.cols / 2) * width
  for (let row = 0; row < fine.rows; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, fine.rows - row)
    const axes = axisCentres({ grid: fine, row, col: 0, rows, cols: fine.cols })
    const n = rows * fine.cols
    const x = Float64Array.from({ length: n }, (_, i) => axes.x[i % fine.cols])
    const y = Float64Array.from({ length: n }, (_, i) => axes.y[Math.floor(i / fine.cols)])
    transformPoints(fine.crs, coarse.crs, x, y)
    if (isGeographic(coarse.crs)) for (let i = 0; i < n; i++) x[i] -= 360 * Math.round((x[i] - middle) / 360)
    for (let i = 0; i < n; i++) {
      const place = placeIn(coarse, (y[i] - y0) / height, (x[i] - x0) / width)
      isAnyInside ||= place >= 0
      runs.add(place, (i % fine.cols) + 1, i % fine.cols === 0)
    }
  }
  return isAnyInside ? (window) => runs.read(window) : null
}

function placeIn(coarse: Grid, inRows: number, inCols: number): number {
  const isInside = inRows >= 0 && inCols >= 0 && inRows < coarse.rows && inCols < coarse.cols
  const [row, col] = [nearestCell(inRows, coarse.rows), nearestCell(inCols, coarse.cols)]
  const cell = row * coarse.cols + col
  if (!isInside) return -1 - cell
  return cell * squaresPerCell + squareOf(inRows - row) * squaresPerSide + squareOf(inCols - col)
}

/** Rows of numbers as runs of equal ones. */
class Runs {
  #values = new Int32Array(1024)
  /** Column after the last of each run. */
  #ends = new Int32Array(1024)
  #count = 0
  readonly #firstOfRow: Float64Array
  #rows = 0

  constructor(rows: number) {
    this.#firstOfRow = new Float64Array(rows + 1)
  }

  /** Adds the next number of a row, which then reaches to column `end`. */
  add(value: number, end: number, beginsRow: boolean): void {
    if (beginsRow) this.#firstOfRow[this.#rows++] = this.#count
    if (beginsRow || this.#values[this.#count - 1] !== value) {
      if (this.#count === this.#values.length) {
        this.#values = grown(this.#values)
        this.#ends = grown(this.#ends)
      }
      this.#values[this.#count++] = value
      this.#firstOfRow[this.#rows] = this.#count
    }
    this.#ends[this.#count - 1] = end
  }

  read({ row, col, rows, cols }: CellWindow): Int32Array {
    const found = new Int32Array(rows * cols)
    for (let r = 0; r < rows; r++) {
      let run = this.#runAt(row + r, col)
      for (let c = 0; c < cols; run++) {
        const end = Math.min(cols, this.#ends[run] - col)
        found.fill(this.#values[run], r * cols + c, r * cols + end)
        c = end
      }
    }
    return found
  }

  /** The run of a row that holds a column. */
  #runAt(row: number, col: number): number {
    let [low, high] = [this.#firstOfRow[row], this.#firstOfRow[row + 1] - 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.#ends[middle] > col) high = middle
      else low = middle + 1
    }
    return low
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
