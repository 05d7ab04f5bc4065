import type { Grid } from '../../contract/index.ts'
import { isGeographic } from './crs.ts'
import { transformPoints } from './transform-points.ts'

/** Points as column and row of the source, counted in cells from the upper-left corner; NaN where there is no place. */
export interface PixelPoints {
  readonly col: Float64Array
  readonly row: Float64Array
}

/** Nodes [row, row + rows) × [col, col + cols) of the target; node (i, j) lies at row i + shift, column j + shift:
 *  shift 0 gives the corners of cells, 0.5 their centres. */
export interface NodeRange {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
  readonly shift: number
}

/** Largest error of the bilinear short cut at the points where it is tried, in source cells. */
const tolerance = 0.02
/** Sides of the squares, in target cells, tried from large to small. Squares lie on multiples of their side counted from
 *  the grid's corner, so that a node gets the same place whatever window is asked for. */
const sides = [64, 16, 4]

interface Square {
  readonly row: number
  readonly col: number
}

/** Where the nodes of a target grid lie on a source grid of another CRS. Exact at the corners of squares of 64, 16 or 4
 *  cells and bilinear between where that is right to 0.02 source cells; exact everywhere else. */
export function pixelCoordinates(source: Grid, target: Grid, nodes: NodeRange): PixelPoints {
  const col = new Float64Array(nodes.rows * nodes.cols)
  const row = new Float64Array(nodes.rows * nodes.cols)
  const into = { col, row }
  let squares = squaresOver(nodes, sides[0])
  for (let level = 0; level < sides.length; level++) {
    const side = sides[level]
    const probes = probePoints(source, target, squares, side)
    const failed: Square[] = []
    squares.forEach((square, s) => {
      if (isBilinear(probes, s * 9)) fillBilinear(into, nodes, square, side, probes, s * 9)
      else failed.push(square)
    })
    if (failed.length === 0) return into
    const next = sides[level + 1]
    if (next === undefined) fillExactly(source, target, into, nodes, failed, side)
    else squares = failed.flatMap((square) => partsOf(square, side, next).filter((part) => touches(part, next, nodes)))
  }
  return into
}

/** Columns after which longitude comes round; null for a projected source. */
export function columnsAround(source: Grid): number | null {
  return isGeographic(source.crs) ? 360 / Math.abs(source.transform[1]) : null
}

/** Target points (in cells of the target) carried to source cells exactly.
 *  @param col, row changed in place from target to source cells */
export function toSourceCells(source: Grid, target: Grid, col: Float64Array, row: Float64Array): void {
  const t = target.transform
  for (let i = 0; i < col.length; i++) {
    const x = t[0] + col[i] * t[1] + row[i] * t[2]
    row[i] = t[3] + col[i] * t[4] + row[i] * t[5]
    col[i] = x
  }
  transformPoints(target.crs, source.crs, col, row)
  const s = source.transform
  const determinant = s[1] * s[5] - s[2] * s[4]
  const around = columnsAround(source)
  const middle = source.cols / 2
  for (let i = 0; i < col.length; i++) {
    const dx = col[i] - s[0]
    const dy = row[i] - s[3]
    col[i] = (dx * s[5] - dy * s[2]) / determinant
    row[i] = (dy * s[1] - dx * s[4]) / determinant
    if (around !== null) col[i] = nearest(col[i], middle, around)
  }
}

/** `value` moved by whole turns to lie within half a turn of `near`. */
export function nearest(value: number, near: number, turn: number): number {
  return value - turn * Math.round((value - near) / turn)
}

function squaresOver(nodes: NodeRange, side: number): Square[] {
  const squares: Square[] = []
  const lastRow = nodes.row + nodes.rows - 1
  const lastCol = nodes.col + nodes.cols - 1
  for (let row = Math.floor(nodes.row / side) * side; row <= lastRow; row += side)
    for (let col = Math.floor(nodes.col / side) * side; col <= lastCol; col += side) squares.push({ row, col })
  return squares
}

function partsOf(square: Square, side: number, next: number): Square[] {
  const parts: Square[] = []
  for (let row = square.row; row < square.row + side; row += next)
    for (let col = square.col; col < square.col + side; col += next) parts.push({ row, col })
  return parts
}

function touches(square: Square, side: number, nodes: NodeRange): boolean {
  return (
    square.row < nodes.row + nodes.rows &&
    square.row + side > nodes.row &&
    square.col < nodes.col + nodes.cols &&
    square.col + side > nodes.col
  )
}

/** Nine exact points a square, row by row: corners, middles of the edges, centre. */
function probePoints(source: Grid, target: Grid, squares: Square[], side: number): PixelPoints {
  const col = new Float64Array(squares.length * 9)
  const row = new Float64Array(squares.length * 9)
  squares.forEach((square, s) => {
    for (let p = 0; p < 9; p++) {
      col[s * 9 + p] = square.col + (side / 2) * (p % 3)
      row[s * 9 + p] = square.row + (side / 2) * Math.floor(p / 3)
    }
  })
  toSourceCells(source, target, col, row)
  const around = columnsAround(source)
  if (around !== null) for (let i = 0; i < col.length; i++) col[i] = nearest(col[i], col[i - (i % 9) + 4], around)
  return { col, row }
}

function isBilinear({ col, row }: PixelPoints, at: number): boolean {
  // NaN fails every comparison, so a square with a point that has no place is never taken as bilinear.
  const isMean = (p: number, ...others: number[]): boolean =>
    [col, row].every((axis) => {
      const mean = others.reduce((sum, other) => sum + axis[at + other], 0) / others.length
      return Math.abs(axis[at + p] - mean) <= tolerance
    })
  return isMean(1, 0, 2) && isMean(3, 0, 6) && isMean(5, 2, 8) && isMean(7, 6, 8) && isMean(4, 0, 2, 6, 8)
}

function fillBilinear(
  into: PixelPoints,
  nodes: NodeRange,
  square: Square,
  side: number,
  probes: PixelPoints,
  at: number,
): void {
  const { fromRow, toRow, fromCol, toCol } = overlap(nodes, square, side)
  for (const axis of ['col', 'row'] as const) {
    const [a, b, c, d] = [0, 2, 6, 8].map((p) => probes[axis][at + p])
    const out = into[axis]
    for (let i = fromRow; i < toRow; i++) {
      const v = (i + nodes.shift - square.row) / side
      const left = a + (c - a) * v
      const right = b + (d - b) * v
      const base = (i - nodes.row) * nodes.cols - nodes.col
      for (let j = fromCol; j < toCol; j++) {
        out[base + j] = left + (right - left) * ((j + nodes.shift - square.col) / side)
      }
    }
  }
}

function fillExactly(
  source: Grid,
  target: Grid,
  into: PixelPoints,
  nodes: NodeRange,
  squares: Square[],
  side: number,
): void {
  const places: number[] = []
  for (const square of squares) {
    const { fromRow, toRow, fromCol, toCol } = overlap(nodes, square, side)
    for (let i = fromRow; i < toRow; i++)
      for (let j = fromCol; j < toCol; j++) places.push((i - nodes.row) * nodes.cols + j - nodes.col)
  }
  const col = Float64Array.from(places, (place) => nodes.col + (place % nodes.cols) + nodes.shift)
  const row = Float64Array.from(places, (place) => nodes.row + Math.floor(place / nodes.cols) + nodes.shift)
  toSourceCells(source, target, col, row)
  places.forEach((place, k) => {
    into.col[place] = col[k]
    into.row[place] = row[k]
  })
}

function overlap(
  nodes: NodeRange,
  square: Square,
  side: number,
): { fromRow: number; toRow: number; fromCol: number; toCol: number } {
  return {
    fromRow: Math.max(nodes.row, square.row),
    toRow: Math.min(nodes.row + nodes.rows, square.row + side),
    fromCol: Math.max(nodes.col, square.col),
    toCol: Math.min(nodes.col + nodes.cols, square.col + side),
  }
}
