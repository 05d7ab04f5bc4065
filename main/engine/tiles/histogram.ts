import { reasonCodes, reasonNames } from '../../contract/index.ts'
import type { Day, Grid, LayerHistogram, Reason } from '../../contract/index.ts'
import { coarsenGrid } from '../raster/index.ts'
import type { ReadWindow } from '../raster/index.ts'
import type { DrawnLayer } from './drawn-layer.ts'

export interface HistogramOptions {
  /** [west, south, east, north] in the layer's CRS. */
  readonly extent?: readonly [number, number, number, number]
  readonly bins: number
  readonly range?: readonly [number, number]
}

const mostCells = 1_000_000
/** Rows read at a time. */
const stripRows = 256

/** How a layer's values are spread on a day, at the finest level that has at most a million cells there. A cell belongs to the
 *  extent when any of it lies inside. */
export async function histogram(
  layer: DrawnLayer,
  day: Day,
  { extent, bins, range }: HistogramOptions,
  signal?: AbortSignal,
): Promise<LayerHistogram> {
  const { level, window } = chooseLevel(layer, extent)
  const values: number[] = []
  const reasons: Partial<Record<Reason, number>> = {}
  for (let row = 0; row < window.rows; row += stripRows) {
    const strip = { ...window, row: window.row + row, rows: Math.min(stripRows, window.rows - row) }
    const block = await layer.readLevel(level, strip, day, signal)
    for (let i = 0; i < block.values.length; i++) {
      // The layer `applicability` has a reason beside its value.
      if (!Number.isNaN(block.values[i])) values.push(block.values[i])
      if (block.reasons[i] === reasonCodes.none) continue
      const reason = reasonNames[block.reasons[i]]
      reasons[reason] = (reasons[reason] ?? 0) + 1
    }
  }
  let [min, max, sum, squares] = [Infinity, -Infinity, 0, 0]
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
    sum += value
    squares += value * value
  }
  const hasValues = values.length > 0
  const { kind } = layer.field
  const classes = kind === 'categorical' ? [...new Set(values)].sort((a, b) => a - b).slice(0, bins) : null
  const [low, high] = range ?? (hasValues ? [min, max] : [0, 1])
  const counts = new Array<number>(classes?.length ?? bins).fill(0)
  let [below, above] = [0, 0]
  const places = classes && new Map(classes.map((value, i) => [value, i]))
  for (const value of values) {
    const bin = places ? places.get(value) : binOf(value, low, high, bins)
    if (bin === undefined) above++
    else if (bin < 0) below++
    else if (bin >= counts.length) above++
    else counts[bin]++
  }
  return {
    level,
    cells: window.rows * window.cols,
    valid: values.length,
    below,
    above,
    range: [low, high],
    counts,
    classes,
    kind,
    mean: hasValues && kind !== 'categorical' ? sum / values.length : null,
    rms: hasValues && kind !== 'categorical' ? Math.sqrt(squares / values.length) : null,
    min: hasValues ? min : null,
    max: hasValues ? max : null,
    reasons,
  }
}

function binOf(value: number, low: number, high: number, bins: number): number {
  if (value === high) return bins - 1
  if (value < low) return -1
  return value > high ? bins : Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))
}

function chooseLevel(layer: DrawnLayer, extent: HistogramOptions['extent']): { level: number; window: ReadWindow } {
  for (let level = 0; ; level++) {
    const window = cellsIn(coarsenGrid(layer.grid, 2 ** level), extent)
    if (window.rows * window.cols <= mostCells || level === layer.levels - 1) return { level, window }
  }
}

/** Cells that touch the extent; none when it lies beside the grid. */
function cellsIn(grid: Grid, extent: HistogramOptions['extent']): ReadWindow {
  if (!extent) return { row: 0, col: 0, rows: grid.rows, cols: grid.cols }
  const [x, width, , y, , height] = grid.transform
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value))
  const left = clamp(Math.floor((extent[0] - x) / width), grid.cols)
  const right = clamp(Math.ceil((extent[2] - x) / width), grid.cols)
  const top = clamp(Math.floor((extent[3] - y) / height), grid.rows)
  const bottom = clamp(Math.ceil((extent[1] - y) / height), grid.rows)
  return { row: top, col: left, rows: Math.max(0, bottom - top), cols: Math.max(0, right - left) }
}
