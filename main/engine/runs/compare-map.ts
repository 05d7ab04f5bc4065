import { dayNumber } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { Random } from '../numeric/index.ts'
import { dissimilarityLayer, layerPath, smoothedTo, valuesAtPoints } from '../products/index.ts'
import { transformPoints } from '../raster/index.ts'
import type { BandSource } from '../raster/index.ts'
import { locateStations, testPartHolds } from '../samples/index.ts'
import type { DailyTable } from '../stations/index.ts'
import type { ComputeHooks, PartResult } from './compute-part.ts'
import type { Part } from './part-keys.ts'
import { mapPath } from './publish-map.ts'
import type { RunContext } from './run-context.ts'

/** Predicted and observed values of one day at the same cells, with the coarse product's, as columns of equal length.
 *  `group` is what a bootstrap draws together: the station, or the 10 × 10 part of the map the cell lies in. */
export interface Pairs {
  readonly group: Int32Array
  readonly predicted: Float32Array
  readonly observed: Float32Array
  /** The coarse product's plain value at the cell; NaN where there is none. */
  readonly coarse: Float32Array
  /** The coarse product, bilinear between coarse cell centres. */
  readonly smoothed: Float32Array
  /** Dissimilarity index of the cell; null in a run that does not map it. */
  readonly dissimilarity: Float32Array | null
  /** 1 for pairs of the sealed test part; null in a run without one. */
  readonly isTest: Int32Array | null
}

const blocksPerSide = 10

/** Reads a published map where a reference has values that day. */
export async function computePairs(
  run: RunContext,
  part: Extract<Part, { kind: 'pairs' }>,
  { signal }: ComputeHooks,
): Promise<PartResult> {
  const reference = run.fields.references[part.validation]
  const cells =
    reference.from === 'stations'
      ? stationDay(reference.table, run.plan.fineGrid, part.day)
      : await referenceCells(run, reference.field, part, signal)
  const map = run.parts.maps.find((each) => each.key === part.map)!
  const path = mapPath(run, map)
  const isInt16 = run.plan.recipe.product.encoding === 'int16'
  const predicted = await readMapCells(run, path, isInt16, cells.row, cells.col, signal)
  const dissimilarity = run.parts.applicability
    ? await readMapCells(run, layerPath(path, dissimilarityLayer), false, cells.row, cells.col, signal)
    : null
  const { coarse, smoothed } = await coarseAt(run, part.day, cells.row, cells.col, signal)
  return {
    meta: { pairs: cells.row.length },
    payload: encodePairs({
      ...cells,
      predicted,
      coarse,
      smoothed,
      dissimilarity,
      isTest: sealedCells(run, part, cells),
    }),
  }
}

/** Which cells belong to the test part of the recipe. */
function sealedCells(
  run: RunContext,
  { day, validation }: { readonly day: Day; readonly validation: number },
  { row, col, group }: Cells,
): Int32Array | null {
  const { test } = run.plan.recipe.split
  if (!test) return null
  const reference = run.fields.references[validation]
  const stations = reference.from === 'stations' ? reference.table.stations : null
  const [x0, dx, , y0, , dy] = run.plan.fineGrid.transform
  const holds = testPartHolds(test)
  const number = dayNumber(day)
  return row.map((r, i) =>
    holds({ place: stations?.[group[i]].id ?? '', x: x0 + (col[i] + 0.5) * dx, y: y0 + (r + 0.5) * dy, day: number })
      ? 1
      : 0,
  )
}

interface Cells {
  readonly row: Int32Array
  readonly col: Int32Array
  readonly group: Int32Array
  readonly observed: Float32Array
}

/** The stations with a value on that day and their fine cells. */
function stationDay(table: DailyTable, grid: Grid, day: Day): Cells {
  const column = table.days.indexOf(day)
  const valueOf = (station: number): number =>
    column < 0 ? Number.NaN : table.values[station * table.days.length + column]
  const kept = locateStations(table, grid).placed.filter(({ station }) => !Number.isNaN(valueOf(station)))
  return {
    row: Int32Array.from(kept, ({ row }) => row),
    col: Int32Array.from(kept, ({ col }) => col),
    group: Int32Array.from(kept, ({ station }) => station),
    observed: Float32Array.from(kept, ({ station }) => valueOf(station)),
  }
}

/** Cells of the fine grid drawn for that day, and the reference's values there; cells without a value are left out. */
async function referenceCells(
  run: RunContext,
  field: Field,
  part: Extract<Part, { kind: 'pairs' }>,
  signal: AbortSignal,
): Promise<Cells> {
  const { fineGrid: grid, recipe, productDays, tileSize } = run.plan
  const spec = recipe.validation[part.validation]
  const total = grid.rows * grid.cols
  const wanted = Math.min(total, Math.ceil(('maxCells' in spec ? spec.maxCells : total) / productDays.length))
  const drawn = drawCells(total, wanted, new Random(recipe.seed, dayNumber(part.day)))
  const row: number[] = []
  const col: number[] = []
  const group: number[] = []
  const observed: number[] = []
  for (let top = 0, i = 0; top < grid.rows && i < drawn.length; top += tileSize) {
    const rows = Math.min(tileSize, grid.rows - top)
    const end = (top + rows) * grid.cols
    if (drawn[i] >= end) continue
    const block = await field.read({ grid, row: top, col: 0, rows, cols: grid.cols }, part.day, { signal })
    for (; i < drawn.length && drawn[i] < end; i++) {
      const value = block.values[drawn[i] - top * grid.cols]
      if (Number.isNaN(value)) continue
      const r = Math.floor(drawn[i] / grid.cols)
      const c = drawn[i] % grid.cols
      row.push(r)
      col.push(c)
      group.push(
        Math.floor((r * blocksPerSide) / grid.rows) * blocksPerSide + Math.floor((c * blocksPerSide) / grid.cols),
      )
      observed.push(value)
    }
  }
  return {
    row: Int32Array.from(row),
    col: Int32Array.from(col),
    group: Int32Array.from(group),
    observed: Float32Array.from(observed),
  }
}

/** `count` different numbers below `total`, in order. Source: Floyd's algorithm (Bentley & Floyd 1987). */
function drawCells(total: number, count: number, random: Random): Int32Array {
  if (count === total) return Int32Array.from({ length: total }, (_, i) => i)
  const drawn = new Set<number>()
  for (let j = total - count; j < total; j++) {
    const candidate = random.below(j + 1)
    drawn.add(drawn.has(candidate) ? j : candidate)
  }
  return Int32Array.from(drawn).sort()
}

/** The map's own values at cells, read from the published file. */
async function readMapCells(
  run: RunContext,
  path: string,
  isInt16: boolean,
  row: Int32Array,
  col: Int32Array,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { fineGrid: grid, tileSize } = run.plan
  const source: BandSource = {
    path,
    subdataset: '',
    band: 1,
    grid,
    scale: isInt16 ? 0.0001 : 1,
    offset: 0,
    nodata: isInt16 ? [-32768] : [],
    validRange: null,
  }
  const out = new Float32Array(row.length)
  const byTile = new Map<string, number[]>()
  for (let i = 0; i < row.length; i++) {
    const tile = `${Math.floor(row[i] / tileSize)},${Math.floor(col[i] / tileSize)}`
    const members = byTile.get(tile)
    if (members) members.push(i)
    else byTile.set(tile, [i])
  }
  for (const members of byTile.values()) {
    let [top, left, bottom, right] = [grid.rows, grid.cols, 0, 0]
    for (const i of members) {
      top = Math.min(top, row[i])
      bottom = Math.max(bottom, row[i])
      left = Math.min(left, col[i])
      right = Math.max(right, col[i])
    }
    const cols = right - left + 1
    const block = await run.reader.read(source, { row: top, col: left, rows: bottom - top + 1, cols }, signal)
    for (const i of members) out[i] = block.values[(row[i] - top) * cols + col[i] - left]
  }
  return out
}

async function coarseAt(
  run: RunContext,
  day: Day,
  row: Int32Array,
  col: Int32Array,
  signal: AbortSignal,
): Promise<{ coarse: Float32Array; smoothed: Float32Array }> {
  const { baseline, baselineGrid } = run.fields
  const n = row.length
  const none = { coarse: new Float32Array(n).fill(Number.NaN), smoothed: new Float32Array(n).fill(Number.NaN) }
  if (!baseline || !baselineGrid || n === 0) return none
  const { fineGrid: grid, tileSize } = run.plan
  const [x0, dx, , y0, , dy] = grid.transform
  const x = Float64Array.from(col, (c) => x0 + (c + 0.5) * dx)
  const y = Float64Array.from(row, (r) => y0 + (r + 0.5) * dy)
  transformPoints(grid.crs, baselineGrid.crs, x, y)
  const coarse = await valuesAtPoints(baseline, baselineGrid, day, x, y, signal)
  const smoothed = new Float32Array(n)
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => row[a] - row[b])
  for (let i = 0; i < n; ) {
    const top = row[order[i]]
    let end = i
    while (end < n && row[order[end]] < top + tileSize) end++
    let [left, right, bottom] = [grid.cols, 0, top]
    for (let k = i; k < end; k++) {
      left = Math.min(left, col[order[k]])
      right = Math.max(right, col[order[k]])
      bottom = row[order[k]]
    }
    const window = { grid, row: top, col: left, rows: bottom - top + 1, cols: right - left + 1 }
    const block = await smoothedTo(baseline, baselineGrid, window, day, signal)
    for (; i < end; i++) smoothed[order[i]] = block.values[(row[order[i]] - top) * window.cols + col[order[i]] - left]
  }
  return { coarse, smoothed }
}

/** Columns one after another, each n × 4 bytes, little-endian: group, predicted, observed, coarse, smoothed, then those that the
 *  run has of dissimilarity and isTest. */
function encodePairs({ group, predicted, observed, coarse, smoothed, dissimilarity, isTest }: Pairs): Uint8Array[] {
  const columns = [group, predicted, observed, coarse, smoothed, dissimilarity, isTest]
  return columns.flatMap((column) =>
    column ? [new Uint8Array(column.buffer, column.byteOffset, column.byteLength)] : [],
  )
}

/** Reads what `encodePairs` wrote.
 *  @param has which of the last columns there are */
export function decodePairs(
  payload: Uint8Array,
  has: { readonly dissimilarity: boolean; readonly isTest: boolean },
): Pairs {
  const n = payload.byteLength / (4 * (5 + (has.dissimilarity ? 1 : 0) + (has.isTest ? 1 : 0)))
  const offset = (i: number): number => payload.byteOffset + i * n * 4
  const column = (i: number): Float32Array => new Float32Array(payload.buffer, offset(i), n)
  return {
    group: new Int32Array(payload.buffer, payload.byteOffset, n),
    predicted: column(1),
    observed: column(2),
    coarse: column(3),
    smoothed: column(4),
    dissimilarity: has.dissimilarity ? column(5) : null,
    isTest: has.isTest ? new Int32Array(payload.buffer, offset(has.dissimilarity ? 6 : 5), n) : null,
  }
}
