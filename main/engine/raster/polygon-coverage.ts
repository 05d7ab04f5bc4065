/** A box of whole cells, and a buffer for the signed areas in it. */
export interface CoverageBox {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
  /** At least rows × (cols + 2) numbers, all zero before a call. Afterwards, with that stride, the share of each cell. */
  readonly shares: Float64Array
}

/** Exact share of each unit cell of a box that lies in a polygon; the polygon may reach beyond the box. Each edge adds
 *  the signed area between itself and the right side of the box to the cells it crosses; running sums along the rows then
 *  give the coverage. Cost grows with the edges and the box, not with clips of single cells.
 *  @param x, y corners in order, in cells
 *  Source: signed-area accumulation, as in font rasterisers (font-rs, R. Levien, 2016). */
export function coverPolygon(x: ArrayLike<number>, y: ArrayLike<number>, box: CoverageBox): void {
  for (let i = 0, j = 1; i < x.length; i++, j = i + 1 < x.length ? i + 1 : 0) {
    if (y[i] < y[j]) addEdge(box, x[i] - box.col, y[i] - box.row, x[j] - box.col, y[j] - box.row, 1)
    else if (y[i] > y[j]) addEdge(box, x[j] - box.col, y[j] - box.row, x[i] - box.col, y[i] - box.row, -1)
  }
  const { rows, cols, shares } = box
  for (let row = 0, at = 0; row < rows; row++, at += 2) {
    let sum = 0
    for (let col = 0; col < cols; col++, at++) {
      sum += shares[at]
      // The sign only tells the direction the corners run in. Rounding leaves 1e-16 in cells the polygon does not touch.
      const share = Math.abs(sum)
      shares[at] = share > 1e-9 ? Math.min(share, 1) : 0
    }
  }
}

/** An edge from (topX, top) down to (bottomX, bottom), in cells of the box. */
function addEdge(box: CoverageBox, topX: number, top: number, bottomX: number, bottom: number, sign: number): void {
  const slope = (bottomX - topX) / (bottom - top)
  const stride = box.cols + 2
  const lastRow = Math.min(box.rows, Math.ceil(bottom))
  for (let row = Math.max(0, Math.floor(top)); row < lastRow; row++) {
    const from = Math.max(row, top)
    const to = Math.min(row + 1, bottom)
    const a = topX + slope * (from - top)
    const b = topX + slope * (to - top)
    addClipped(box, row * stride, Math.min(a, b), Math.max(a, b), (to - from) * sign)
  }
}

/** A piece of an edge within one row, from x = left to right and `height` tall (signed), cut at the sides of the box. */
function addClipped(box: CoverageBox, base: number, left: number, right: number, height: number): void {
  const { shares, cols } = box
  const run = right - left
  let rest = height
  if (left < 0) {
    // Left of the box the piece is as good as its left side.
    const cut = right <= 0 ? height : (height * -left) / run
    shares[base] += cut
    rest -= cut
    if (right <= 0) return
  }
  if (right > cols) {
    // Right of the box it covers nothing.
    if (left >= cols) return
    rest -= (height * (right - cols)) / run
  }
  addPiece(shares, base, Math.max(left, 0), Math.min(right, cols), rest)
}

function addPiece(shares: Float64Array, base: number, left: number, right: number, height: number): void {
  const first = Math.floor(left)
  const last = Math.ceil(right)
  if (last <= first + 1) {
    const middle = (left + right) / 2 - first
    shares[base + first] += height * (1 - middle)
    shares[base + first + 1] += height * middle
    return
  }
  // `covered` is the share of a column to the right of the piece; the buffer takes its step from column to column.
  const run = right - left
  let before = 0
  let covered = 0
  for (let col = first; col <= last; col++) {
    const reach = Math.min(col + 1 - left, run)
    const upTo = (reach * reach) / (2 * run) + Math.max(0, col + 1 - right)
    shares[base + col] += height * (upTo - before - covered)
    covered = upTo - before
    before = upTo
  }
}
