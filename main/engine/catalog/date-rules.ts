import { dayFromNumber, dayNumber, isDay } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'

/** A way of writing a date in a name. */
export interface DateRule {
  readonly name: string
  /** `month` rules give the first day of the month. */
  readonly precision: 'day' | 'month'
  readonly pattern: RegExp
  /** @returns null when the digits are no date: month 13, day 366 of a common year */
  decode(match: RegExpExecArray): Day | null
}

const year = '((?:19|20)\\d{2})'
// A time may follow without a break: 201706010000.
const timeOrEnd = '(?=$|\\D|(?:[01]\\d|2[0-3])[0-5]\\d(?:[0-5]\\d)?(?!\\d))'

function calendarDay(y: string, m: string, d: string): Day | null {
  const text = `${y}-${m}-${d}`
  return isDay(text) ? text : null
}

/** Day 1 is 1 January. */
function dayOfYear(y: string, number: string): Day | null {
  const day = dayFromNumber(dayNumber(`${y}-01-01` as Day) + Number(number) - 1)
  return Number(number) >= 1 && day.startsWith(y) ? day : null
}

/** All rules, the finer ones first. A digit never stands directly before or after the date. */
export const dateRules: readonly DateRule[] = [
  {
    name: 'YYYYMMDD',
    precision: 'day',
    pattern: new RegExp(`(?<!\\d)${year}(\\d{2})(\\d{2})${timeOrEnd}`, 'g'),
    decode: ([, y, m, d]) => calendarDay(y, m, d),
  },
  {
    name: 'YYYY-MM-DD',
    precision: 'day',
    pattern: new RegExp(`(?<!\\d)${year}-(\\d{2})-(\\d{2})(?!\\d)`, 'g'),
    decode: ([, y, m, d]) => calendarDay(y, m, d),
  },
  {
    name: 'YYYY_MM_DD',
    precision: 'day',
    pattern: new RegExp(`(?<!\\d)${year}([_.])(\\d{2})\\2(\\d{2})(?!\\d)`, 'g'),
    decode: ([, y, , m, d]) => calendarDay(y, m, d),
  },
  {
    name: 'YYYYDDD',
    precision: 'day',
    pattern: new RegExp(`(?<!\\d)${year}(\\d{3})(?!\\d)`, 'g'),
    decode: ([, y, d]) => dayOfYear(y, d),
  },
  {
    name: 'YYYYMM',
    precision: 'month',
    pattern: new RegExp(`(?<!\\d)${year}(\\d{2})(?!\\d)`, 'g'),
    decode: ([, y, m]) => calendarDay(y, m, '01'),
  },
  {
    name: 'YYYY-MM',
    precision: 'month',
    pattern: new RegExp(`(?<!\\d)${year}[-_.](\\d{2})(?!\\d|[-_.]\\d{2}(?!\\d))`, 'g'),
    decode: ([, y, m]) => calendarDay(y, m, '01'),
  },
]

export interface FoundDate {
  readonly day: Day
  /** The date as written. */
  readonly text: string
  /** The name without the date, separators tidied: `ndvi_20180612_v2` → `ndvi_v2`. */
  readonly rest: string
}

/** Dates in a text by one rule, in order; digits that are no date are passed over. */
export function datesIn(text: string, rule: DateRule): FoundDate[] {
  const found: FoundDate[] = []
  for (const match of text.matchAll(rule.pattern)) {
    const day = rule.decode(match)
    if (day) found.push({ day, text: match[0], rest: withoutDate(text, match.index, match[0].length) })
  }
  return found
}

/** What stays of a name when its date (and a time or a letter marking it, as in A2017193) is cut out. */
function withoutDate(text: string, start: number, length: number): string {
  const before = text.slice(0, start).replace(/(^|[._-])(?:A|D|T)$/, '$1')
  const after = text.slice(start + length).replace(/^(?:T?\d{4,6}Z?)(?!\d)/, '')
  return `${before}_${after}`.replace(/[._\s-]{2,}/g, '_').replace(/^[._\s-]+|[._\s-]+$/g, '')
}

/** The rule of that name, in any case: `yyyymmdd`. */
export function ruleNamed(name: string): DateRule | undefined {
  return dateRules.find((rule) => rule.name.toLowerCase() === name.toLowerCase())
}
