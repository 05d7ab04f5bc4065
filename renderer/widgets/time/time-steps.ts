import { addDays, dayFromNumber, dayNumber, isDay } from '../../../main/contract/index.ts'
import type { Day, Period } from '../../../main/contract/index.ts'

/** How far a step goes: days, a calendar month, or to the next day with data. */
export const timeSteps = {
  day: '1 day',
  eight: '8 days',
  sixteen: '16 days',
  month: '1 month',
  data: 'next with data',
} as const
export type TimeStep = keyof typeof timeSteps

/** The day of a list that is nearest in time, the earlier of two; null for an empty list. */
export function nearestDay(days: readonly Day[], day: Day): Day | null {
  const at = dayNumber(day)
  let best: Day | null = null
  let least = Infinity
  for (const each of days) {
    const distance = Math.abs(dayNumber(each) - at)
    if (distance >= least) continue
    best = each
    least = distance
  }
  return best
}

/** First day after (`1`) or last before (`-1`) a day in an ascending list; null where there is none. */
export function nextDayWith(days: readonly Day[], day: Day, direction: 1 | -1): Day | null {
  const found = direction > 0 ? days.find((each) => each > day) : days.findLast((each) => each < day)
  return found ?? null
}

/** Same day of another month; the last of that month where it is shorter: 31 January + 1 = 28 or 29 February. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  const millisecondsPerDay = 86_400_000
  return dayFromNumber(first.getTime() / millisecondsPerDay + Math.min(date, last) - 1)
}

/** The day one step away; null at the end of the days with data for the step `data`. */
export function stepDay(day: Day, step: TimeStep, direction: 1 | -1, days: readonly Day[]): Day | null {
  if (step === 'data') return nextDayWith(days, day, direction)
  if (step === 'month') return addMonths(day, direction)
  return addDays(day, direction * { day: 1, eight: 8, sixteen: 16 }[step])
}

/** The period after its end at `day` was moved to another day; where the day is at neither end, a new one from there. */
export function extendPeriod(period: Period | null, day: Day, to: Day): Period {
  const anchor = period?.from === day ? period.to : period?.to === day ? period.from : day
  return anchor <= to ? { from: anchor, to } : { from: to, to: anchor }
}

/** Understands `2018-07-04`, `20180704`, `2018-185` (day of the year), `next data`, `previous data`, `first`, `last`.
 *  @returns the day, or why the text is none */
export function readDayText(text: string, day: Day | null, days: readonly Day[]): { day: Day } | { fault: string } {
  const trimmed = text.trim().toLowerCase()
  const iso = trimmed.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
  if (isDay(iso)) return { day: iso }
  const ordinal = /^(\d{4})-?(\d{3})$/.exec(trimmed)
  if (ordinal) {
    const [, year, number] = ordinal
    const found = addDays(`${year}-01-01` as Day, Number(number) - 1)
    return found.startsWith(year) && Number(number) > 0
      ? { day: found }
      : { fault: `${year} has no day ${Number(number)}. Write a day of the year from 001.` }
  }
  const words: Record<string, () => Day | null | undefined> = {
    'next data': () => day && nextDayWith(days, day, 1),
    'previous data': () => day && nextDayWith(days, day, -1),
    first: () => days[0],
    last: () => days.at(-1),
  }
  if (Object.hasOwn(words, trimmed)) {
    const found = words[trimmed]()
    return found
      ? { day: found }
      : { fault: `There is no ${trimmed === 'next data' ? 'later' : 'other'} day with data.` }
  }
  return { fault: 'Write a date as 2018-07-04 or 2018-185, or “next data”.' }
}
