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
  const { too_old, outside_source } = reasonCodes
  const cells = window.rows * window.cols
  const { before, isToday, after } = datesAround(field.times as readonly Day[], day, maxAgeDays)
  const today = nothingYet(cells)
  const outside = new Uint8Array(cells)
  let wanting = allOf(cells)
  if (isToday) wanting = await take(day, wanting, today)
  const earlier = await nearest(before)
  const later = await nearest(after)

  const { values } = today
  const reasons = new Uint8Array(cells)
  const isFilled = new Uint8Array(cells)
  const mix = between[field.kind]
  const number = dayNumber(day)
  for (let k = 0; k < wanting.length; k++) {
    const i = wanting[k]
    const a = earlier.values[i]
    const b = later.values[i]
    const [hasBefore, hasAfter] = [!Number.isNaN(a), !Number.isNaN(b)]
    if (hasBefore && hasAfter) values[i] = mix(a, b, (number - earlier.date[i]) / (later.date[i] - earlier.date[i]))
    else if (hasBefore) values[i] = a
    else if (hasAfter) values[i] = b
    else {
      reasons[i] = outside[i] ? outside_source : too_old
      continue
    }
    isFilled[i] = 1
  }
  return { values, reasons, isFilled }

  /** Reads one date and takes its valid cells among `asked`. @returns the cells still wanting a value */
  async function take(date: Day, asked: Int32Array, into: Nearest): Promise<Int32Array> {
    const block = await readAs(field, field.kind, window, date, signal)
    const dateNumber = dayNumber(date)
    const none = reasonCodes.none
    const rest = new Int32Array(asked.length)
    let left = 0
    for (let k = 0; k < asked.length; k++) {
      const i = asked[k]
      if (block.reasons[i] === none) {
        into.values[i] = block.values[i]
        into.date[i] = dateNumber
      } else if (block.reasons[i] === outside_source) outside[i] = 1
      else rest[left++] = i
    }
    return rest.subarray(0, left)
  }

  async function nearest(dates: readonly Day[]): Promise<Nearest> {
    const found = nothingYet(cells)
    let asked = wanting
    for (const date of dates) {
      if (asked.length === 0) break
      asked = await take(date, asked, found)
    }
    return found
  }
}

/** Per cell a value, NaN where none is known yet, and its date in days since 1970. */
interface Nearest {
  readonly values: Float32Array
  readonly date: Int32Array
}

function nothingYet(cells: number): Nearest {
  return { values: new Float32Array(cells).fill(Number.NaN), date: new Int32Array(cells) }
}

function allOf(cells: number): Int32Array {
  const all = new Int32Array(cells)
  for (let i = 0; i < cells; i++) all[i] = i
  return all
}
