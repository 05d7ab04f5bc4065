import { LoamError, hasValue } from '../../contract/index.ts'
import type { Block, Day, TiledLayer } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import type { ReadWindow } from '../raster/index.ts'
import type { DrawnLayer } from './drawn-layer.ts'

/** Grids up to this many cells are looked at whole. */
const fewCells = 65_536
const windowSide = 64
/** Windows a side, and dates, of the first look; the second is for layers with few values. */
const looks = [
  { windows: 3, days: 3 },
  { windows: 6, days: 12 },
]
const enoughValues = 500

/** The static layers' day: they are the same on every one. */
export const anyDay = '1970-01-01' as Day

/** Percentiles 2 and 98, smallest and largest over windows strewn across the layer (one in each field of a raster of 3 × 3,
 *  then 6 × 6) on dates spread over its own. For colours, not for science: the same layer always gives the same numbers.
 *  @param days dates to look at when the layer is defined on every one
 *  @returns null when no cell looked at has a value */
export async function sampleLayer(
  layer: DrawnLayer,
  days: readonly Day[],
  signal?: AbortSignal,
): Promise<TiledLayer['sampled']> {
  const { times } = layer.field
  const dates = times === 'static' ? [anyDay] : times === 'any' ? days : times
  let values = new Float32Array(0)
  for (const look of looks) {
    values = await valuesOf(layer, spread(dates, look.days), look.windows, signal)
    if (values.length >= enoughValues) break
  }
  return spreadOf(values)
}

/** Percentiles 2 and 98, smallest and largest; null of nothing. Sorts the values. */
export function spreadOf(values: Float32Array): TiledLayer['sampled'] {
  if (values.length === 0) return null
  values.sort()
  const at = (share: number): number => {
    const place = share * (values.length - 1)
    const below = Math.floor(place)
    const above = Math.min(values.length - 1, below + 1)
    return values[below] + (values[above] - values[below]) * (place - below)
  }
  return { low: at(0.02), high: at(0.98), min: values[0], max: values[values.length - 1] }
}

async function valuesOf(
  layer: DrawnLayer,
  days: readonly Day[],
  windows: number,
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const { rows, cols } = layer.grid
  const random = new Random(1)
  const places =
    rows * cols <= fewCells
      ? [{ row: 0, col: 0, rows, cols }]
      : Array.from({ length: windows * windows }, (_, i) => {
          const size = { rows: Math.min(windowSide, rows), cols: Math.min(windowSide, cols) }
          const within = (k: number, whole: number, part: number): number =>
            Math.floor(((k + random.uniform()) / windows) * (whole - part + 1))
          return {
            row: within(Math.floor(i / windows), rows, size.rows),
            col: within(i % windows, cols, size.cols),
            ...size,
          }
        })
  const found: number[] = []
  for (const day of days)
    for (const place of places) {
      const { values, reasons } = await readable(layer, place, day, signal)
      for (let i = 0; i < values.length; i++) if (hasValue(reasons[i])) found.push(values[i])
    }
  return Float32Array.from(found)
}

/** A damaged file costs its tiles, which say so; the colours are found from the others. */
async function readable(
  layer: DrawnLayer,
  place: ReadWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Pick<Block, 'values' | 'reasons'>> {
  try {
    return await layer.readLevel(0, place, day, signal)
  } catch (thrown) {
    if (thrown instanceof LoamError && thrown.code === 'bad_raster')
      return { values: new Float32Array(0), reasons: new Uint8Array(0) }
    throw thrown
  }
}

/** Up to `count` of the dates, evenly spread, none of them twice. */
function spread(dates: readonly Day[], count: number): Day[] {
  if (dates.length <= count) return [...dates]
  return Array.from({ length: count }, (_, i) => dates[Math.floor(((i + 0.5) * dates.length) / count)])
}
