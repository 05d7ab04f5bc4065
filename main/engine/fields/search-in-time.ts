import { addDays, dayNumber, reasonCodes } from '../../contract/index.ts'
import type { Day, GridWindow, Kind } from '../../contract/index.ts'
import { readAs } from './compiled-field.ts'
import type { CompiledField } from './compiled-field.ts'

/** What a search in time found, per cell of a window. */
export interface Found {
  readonly values: Float32Array
  readonly reasons: Uint8Array
  /** 1 where the value was not observed on the day itself. */
  readonly isFilled: Uint8Array
}

/** Between two values in time, by kind; weight 0 is all `before`, 1 all `after`. Angles go the short way round, decibels
 *  as power, classes take the nearer date and of equally near ones the earlier. */
const between: Record<Kind, (before: number, after: number, weight: number) => number> = {
  continuous: (before, after, weight) => before + (after - before) * weight,
  circular: (before, after, weight) => {
    const turn = ((((after - before + 180) % 360) + 360) % 360) - 180
    return (((before + turn * weight) % 360) + 360) % 360
  },
  decibel: (before, after, weight) => 10 * Math.log10((1 - weight) * 10 ** (before / 10) + weight * 10 ** (after / 10)),
  categorical: (before, after, weight) => (weight <= 0.5 ? before : after),
}

/** Dates of a field within `maxAgeDays` of a day: before it (nearest first), the day itself, after it (nearest first). */
export function datesAround(
  times: readonly Day[],
  day: Day,
  maxAgeDays: number,
): { before: Day[]; isToday: boolean; after: Day[] } {
  const first = addDays(day, -maxAgeDays)
  const last = addDays(day, maxAgeDays)
  const near = times.slice(firstNotBefore(times, first), firstNotBefore(times, addDays(last, 1)))
  return {
    before: near.filter((date) => date < day).reverse(),
    isToday: near.includes(day),
    after: near.filter((date) => date > day),
  }
}

/** Index of the first of sorted dates that is not before `day`. */
function firstNotBefore(times: readonly Day[], day: Day): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle] < day) low = middle + 1
    else high = middle
  }
  return low
}

/** Per cell the value observed on the day; where there is none, one interpolated between the nearest valid dates before and
 *  after, each at most `maxAgeDays` from the day; with one of them only, its value. Else `too_old`, or `outside_source`
 *  where the source never reaches. Reads dates outward from the day only until every cell is served.
 *  @param field dated; read on a window of its native grid */
export async function searchInTime(
  field: CompiledField,
  window: GridWindow,
  day: Day,
  maxAgeDays: number,
  signal?: AbortSignal,
): Promise<Found> {
  const cells = window.rows * window.cols
  const values = new Float32Array(cells).fill(Number.NaN)
  const reasons = new Uint8Array(cells)
  const isFilled = new Uint8Array(cells)
  const { before, isToday, after } = datesAround(field.times as readonly Day[], day, maxAgeDays)
  const outside = new Uint8Array(cells)

  let wanting: Int32Array = Int32Array.from({ length: cells }, (_, i) => i)
  if (isToday) wanting = await take(day, wanting, (i, value) => (values[i] = value))
  const earlier = await nearest(before)
  const later = await nearest(after)

  const mix = between[field.kind]
  const today = dayNumber(day)
  for (const i of wanting) {
    const daysBefore = today - earlier.date[i]
    const daysAfter = later.date[i] - today
    const hasBefore = !Number.isNaN(earlier.values[i])
    const hasAfter = !Number.isNaN(later.values[i])
    if (hasBefore && hasAfter)
      values[i] = mix(earlier.values[i], later.values[i], daysBefore / (daysBefore + daysAfter))
    else if (hasBefore) values[i] = earlier.values[i]
    else if (hasAfter) values[i] = later.values[i]
    else reasons[i] = outside[i] ? reasonCodes.outside_source : reasonCodes.too_old
    isFilled[i] = Number(hasBefore || hasAfter)
  }
  return { values, reasons, isFilled }

  /** Reads one date and hands over its valid cells among `asked`. @returns the cells still wanting a value */
  async function take(date: Day, asked: Int32Array, give: (i: number, value: number) => void): Promise<Int32Array> {
    const block = await readAs(field, field.kind, window, date, signal)
    const { none, outside_source } = reasonCodes
    let left = 0
    const rest = new Int32Array(asked.length)
    for (const i of asked) {
      const reason = block.reasons[i]
      if (reason === none) give(i, block.values[i])
      else if (reason === outside_source) outside[i] = 1
      else rest[left++] = i
    }
    return rest.subarray(0, left)
  }

  async function nearest(dates: readonly Day[]): Promise<{ values: Float32Array; date: Int32Array }> {
    const found = new Float32Array(cells).fill(Number.NaN)
    const date = new Int32Array(cells)
    let asked = wanting
    for (const each of dates) {
      if (asked.length === 0) break
      const number = dayNumber(each)
      asked = await take(each, asked, (i, value) => {
        found[i] = value
        date[i] = number
      })
    }
    return { values: found, date }
  }
}
