import { reasonCodes, reasonNames } from '../../contract/index.ts'
import type { Block, Day, Grid, Reason } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { transformPoints } from '../raster/index.ts'
import type { DrawnLayer } from './drawn-layer.ts'
import type { CellReading, LayerPlace, SeriesReading } from './tile-messages.ts'

/** Days read at the same time: enough to overlap opening files with decoding. */
const atOnce = 4

/** The cell of a grid that holds a place; null outside it. */
export function cellAt(grid: Grid, { x, y, crs }: LayerPlace): { row: number; col: number } | null {
  const px = Float64Array.of(x)
  const py = Float64Array.of(y)
  transformPoints(crs, grid.crs, px, py)
  const [west, width, , north, , height] = grid.transform
  const row = Math.floor((py[0] - north) / height)
  const col = Math.floor((px[0] - west) / width)
  return row >= 0 && col >= 0 && row < grid.rows && col < grid.cols ? { row, col } : null
}

const outside: CellReading = { value: null, reason: 'outside_source', cell: null }

/** What a layer has at a place, as it is drawn at its finest level. */
export async function readCell(
  layer: DrawnLayer,
  day: Day,
  place: LayerPlace,
  signal?: AbortSignal,
): Promise<CellReading> {
  const cell = cellAt(layer.grid, place)
  if (!cell) return outside
  return { ...readingOf(await layer.readLevel(0, { ...cell, rows: 1, cols: 1 }, day, signal)), cell }
}

/** What a field has in one cell of a grid. */
export async function readFieldCell(
  field: Pick<Field, 'read'>,
  grid: Grid,
  cell: { readonly row: number; readonly col: number },
  day: Day,
  signal?: AbortSignal,
): Promise<Omit<CellReading, 'cell'>> {
  return readingOf(await field.read({ grid, ...cell, rows: 1, cols: 1 }, day, { signal }))
}

/** The values of one cell on many days, a gap where there is none. */
export async function readSeries(
  layer: DrawnLayer,
  days: readonly Day[],
  place: LayerPlace,
  signal?: AbortSignal,
): Promise<SeriesReading> {
  const cell = cellAt(layer.grid, place)
  if (!cell) return { values: days.map(() => null), reasons: days.map(() => 'outside_source' as const) }
  const window = { ...cell, rows: 1, cols: 1 }
  const isStatic = layer.field.times === 'static'
  return seriesOf(isStatic ? days.slice(0, 1) : days, days, async (day) =>
    readingOf(await layer.readLevel(0, window, day, signal)),
  )
}

/** Reads some days and lays them out over the days asked for; with one read for many it holds on all of them. */
export async function seriesOf(
  toRead: readonly Day[],
  days: readonly Day[],
  read: (day: Day) => Promise<Omit<CellReading, 'cell'>>,
): Promise<SeriesReading> {
  const readings = new Array<Omit<CellReading, 'cell'>>(toRead.length)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < toRead.length) {
      const i = next++
      readings[i] = await read(toRead[i])
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, toRead.length) }, work))
  const on = (i: number): Omit<CellReading, 'cell'> => readings[Math.min(i, readings.length - 1)]
  return { values: days.map((_, i) => on(i).value), reasons: days.map((_, i) => on(i).reason) }
}

function readingOf(block: Block): { value: number | null; reason: Reason | null } {
  const reason = block.reasons[0]
  return {
    value: Number.isNaN(block.values[0]) ? null : block.values[0],
    reason: reason === reasonCodes.none ? null : reasonNames[reason],
  }
}
