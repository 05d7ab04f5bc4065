import { dayFromNumber } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'

/** Days from 1 January of a year to the first of each month, common year. */
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]

interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** A calendar as a two-way count of days; the origin does not matter, only that both directions agree. */
interface Calendar {
  count(date: CalendarDate): number
  date(count: number): CalendarDate
}

/** Source: CF Conventions 1.11, section 4.4.2. `standard` is Julian to 1582-10-04 and Gregorian from 1582-10-15. */
const calendars: Record<string, Calendar> = {
  proleptic_gregorian: { count: gregorianNumber, date: gregorianDate },
  standard: {
    count: (date) => (isGregorian(date) ? gregorianNumber(date) : julianNumber(date)),
    date: (count) => (count >= 2_299_161 ? gregorianDate(count) : julianDate(count)),
  },
  julian: { count: julianNumber, date: julianDate },
  noleap: evenYears(365),
  all_leap: evenYears(366),
  '360_day': {
    count: ({ year, month, day }) => year * 360 + (month - 1) * 30 + day - 1,
    date: (count) => ({
      year: Math.floor(count / 360),
      month: Math.floor(modulo(count, 360) / 30) + 1,
      day: modulo(count, 30) + 1,
    }),
  },
}

const sameCalendar: Record<string, string> = {
  '': 'standard',
  gregorian: 'standard',
  none: 'standard',
  '365_day': 'noleap',
  '366_day': 'all_leap',
}

const secondsPer: Record<string, number> = {
  second: 1,
  sec: 1,
  s: 1,
  minute: 60,
  min: 60,
  hour: 3600,
  hr: 3600,
  h: 3600,
  day: 86_400,
  d: 86_400,
  week: 604_800,
  millisecond: 0.001,
  msec: 0.001,
  microsecond: 1e-6,
}

export interface CfTimeAxis {
  /** The date a number stands for, as its own calendar writes it; null when the Gregorian calendar has no such date (30
   *  February of a 360-day year) or the number is not finite. */
  day(value: number): Day | null
  /** `days since 1970-01-01, calendar noleap`. */
  readonly description: string
}

/** Understands `<unit> since <date>[ time[ zone]]` with a CF calendar.
 *  @returns null when the units are no time axis */
export function cfTimeAxis(units: string, calendarName: string): CfTimeAxis | null {
  const match =
    /^\s*([a-z]+?)s?\s+since\s+(-?\d{1,4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T\s]+(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}(?:\.\d*)?))?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*$/i.exec(
      units,
    )
  if (!match) return null
  const unit = match[1].toLowerCase()
  const name = calendarName.trim().toLowerCase()
  const calendar = calendars[sameCalendar[name] ?? name]
  if (!calendar) return null
  const reference = { year: Number(match[2]), month: Number(match[3]), day: Number(match[4] ?? 1) }
  const startSeconds =
    Number(match[5] ?? 0) * 3600 + Number(match[6] ?? 0) * 60 + Number(match[7] ?? 0) - zoneSeconds(match[8] ?? '')
  const description = `${units.trim()}${name === '' ? '' : `, calendar ${name}`}`
  if (unit === 'month' || unit === 'year') {
    // UDUNITS would take a month as a twelfth of a mean year, which lands on odd days; every product means calendar months.
    const months = unit === 'year' ? 12 : 1
    return { description, day: (value) => monthsLater(calendar, reference, value * months) }
  }
  const seconds = secondsPer[unit]
  if (seconds === undefined) return null
  return {
    description,
    day(value) {
      if (!Number.isFinite(value)) return null
      // Rounded to the second: hours stored as float32 would else fall just short of midnight.
      const total = Math.round(value * seconds + startSeconds)
      return toDay(calendar.date(calendar.count(reference) + Math.floor(total / 86_400)))
    },
  }
}

function monthsLater(calendar: Calendar, reference: CalendarDate, months: number): Day | null {
  if (!Number.isFinite(months)) return null
  const whole = Math.floor(months + 1e-9)
  const first = (offset: number): number => {
    const index = reference.year * 12 + reference.month - 1 + whole + offset
    return calendar.count({ year: Math.floor(index / 12), month: modulo(index, 12) + 1, day: 1 })
  }
  const length = first(1) - first(0)
  const part = Math.max(0, months - whole)
  return toDay(calendar.date(first(0) + Math.min(reference.day - 1, length - 1) + Math.floor(part * length + 1e-6)))
}

function toDay({ year, month, day }: CalendarDate): Day | null {
  if (year < 0 || year > 9999) return null
  const count = gregorianNumber({ year, month, day }) - 2_440_588
  const result = dayFromNumber(count)
  // A date the Gregorian calendar lacks comes back as another one.
  return result === `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` ? result : null
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, '0')
}

function zoneSeconds(zone: string): number {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone)
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60)
}

function isGregorian({ year, month, day }: CalendarDate): boolean {
  return year * 10_000 + month * 100 + day >= 15_821_015
}

/** Julian day number at noon of a Gregorian date. Source: Fliegel & Van Flandern (1968), CACM 11, 657. */
function gregorianNumber({ year, month, day }: CalendarDate): number {
  const a = Math.floor((14 - month) / 12)
  const y = year + 4800 - a
  const m = month + 12 * a - 3
  return (
    day +
    Math.floor((153 * m + 2) / 5) +
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) -
    32_045
  )
}

function gregorianDate(number: number): CalendarDate {
  const a = number + 32_044
  const b = Math.floor((4 * a + 3) / 146_097)
  return fromCycle(a - Math.floor((146_097 * b) / 4), 100 * b)
}

function julianNumber({ year, month, day }: CalendarDate): number {
  const a = Math.floor((14 - month) / 12)
  const y = year + 4800 - a
  const m = month + 12 * a - 3
  return day + Math.floor((153 * m + 2) / 5) + 365 * y + Math.floor(y / 4) - 32_083
}

function julianDate(number: number): CalendarDate {
  return fromCycle(number + 32_082, 0)
}

function fromCycle(c: number, century: number): CalendarDate {
  const d = Math.floor((4 * c + 3) / 1461)
  const e = c - Math.floor((1461 * d) / 4)
  const m = Math.floor((5 * e + 2) / 153)
  return {
    year: century + d - 4800 + Math.floor(m / 10),
    month: m + 3 - 12 * Math.floor(m / 10),
    day: e - Math.floor((153 * m + 2) / 5) + 1,
  }
}

function evenYears(length: 365 | 366): Calendar {
  const before = daysBefore.map((days, month) => days + (length === 366 && month >= 2 ? 1 : 0))
  return {
    count: ({ year, month, day }) => year * length + before[month - 1] + day - 1,
    date(count) {
      const ofYear = modulo(count, length)
      let month = 1
      while (before[month] <= ofYear) month++
      return { year: Math.floor(count / length), month, day: ofYear - before[month - 1] + 1 }
    },
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
