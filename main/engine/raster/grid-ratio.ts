import type { Grid } from '../../contract/index.ts'
import { toSourceCells } from './pixel-coordinates.ts'

/** Length of a target cell's two sides in source cells. */
export interface GridRatio {
  readonly x: number
  readonly y: number
}

const pointsPerSide = 9
const known = new Map<string, GridRatio>()

/** Typical length of a target cell in source cells, where the grids overlap: the median over 9 × 9 points spread over
 *  each grid. One answer for a pair of grids, so that all windows of a map are resampled by one method. */
export function gridRatio(source: Grid, target: Grid): GridRatio {
  const key = JSON.stringify([source, target])
  let ratio = known.get(key)
  if (!ratio) {
    ratio = measure(source, target)
    if (known.size > 1000) known.clear()
    known.set(key, ratio)
  }
  return ratio
}

function measure(source: Grid, target: Grid): GridRatio {
  const ofTarget = spread(target)
  const ofSource = spread(source)
  toSourceCells(target, source, ofSource.col, ofSource.row)
  const col = Float64Array.from([...ofTarget.col, ...ofSource.col])
  const row = Float64Array.from([...ofTarget.row, ...ofSource.row])
  const isOnTarget = Array.from(col, (c, i) => c >= 0 && c <= target.cols && row[i] >= 0 && row[i] <= target.rows)
  const left = carried(-0.5, 0)
  const right = carried(0.5, 0)
  const above = carried(0, -0.5)
  const below = carried(0, 0.5)
  const sides = Array.from(col, (_, i) => ({
    x: Math.hypot(right.col[i] - left.col[i], right.row[i] - left.row[i]),
    y: Math.hypot(below.col[i] - above.col[i], below.row[i] - above.row[i]),
    isShared:
      isOnTarget[i] &&
      Math.min(left.col[i], right.col[i]) <= source.cols &&
      Math.max(left.col[i], right.col[i]) >= 0 &&
      Math.min(above.row[i], below.row[i]) <= source.rows &&
      Math.max(above.row[i], below.row[i]) >= 0,
  })).filter((side) => Number.isFinite(side.x) && Number.isFinite(side.y))
  const shared = sides.filter((side) => side.isShared)
  const used = shared.length > 0 ? shared : sides
  if (used.length === 0) return { x: 1, y: 1 }
  return { x: median(used.map((side) => side.x)), y: median(used.map((side) => side.y)) }

  function carried(dx: number, dy: number): { col: Float64Array; row: Float64Array } {
    const moved = { col: col.map((c) => c + dx), row: row.map((r) => r + dy) }
    toSourceCells(source, target, moved.col, moved.row)
    return moved
  }
}

function spread(grid: Grid): { col: Float64Array; row: Float64Array } {
  const count = pointsPerSide ** 2
  const at = (i: number, size: number): number => ((i + 0.5) / pointsPerSide) * size
  return {
    col: Float64Array.from({ length: count }, (_, i) => at(i % pointsPerSide, grid.cols)),
    row: Float64Array.from({ length: count }, (_, i) => at(Math.floor(i / pointsPerSide), grid.rows)),
  }
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1]
}
