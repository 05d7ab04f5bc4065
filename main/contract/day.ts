import { z } from 'zod'

/** A calendar date in the proleptic Gregorian calendar, `YYYY-MM-DD`. A day is a date, never an index. */
export type Day = string & { readonly __day: unique symbol }

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** True for a date that exists: 2019-02-29 is refused. */
export function isDay(text: string): text is Day {
  const match = pattern.exec(text)
  if (!match) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

export const Day = z.custom<Day>((value) => typeof value === 'string' && isDay(value), {
  message: 'needs a date that exists, written YYYY-MM-DD',
})

/** First and last date, both included. */
export const Period = z
  .strictObject({ from: Day, to: Day })
  .refine((period) => period.from <= period.to, { message: '`from` must not be after `to`' })
export type Period = z.infer<typeof Period>

const millisecondsPerDay = 86_400_000

/** Days since 1970-01-01, negative before. */
export function dayNumber(day: Day): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay)
}

/** The date `number` days after 1970-01-01. */
export function dayFromNumber(number: number): Day {
  return new Date(number * millisecondsPerDay).toISOString().slice(0, 10) as Day
}

/** The date `days` later (earlier if negative). */
export function addDays(day: Day, days: number): Day {
  return dayFromNumber(dayNumber(day) + days)
}

/** Every date of a period, in order. */
export function daysOf(period: Period): Day[] {
  const first = dayNumber(period.from)
  return Array.from({ length: dayNumber(period.to) - first + 1 }, (_, i) => dayFromNumber(first + i))
}

/** 1-based day of the year: 1 January is 1. */
export function dayOfYear(day: Day): number {
  return dayNumber(day) - dayNumber(`${day.slice(0, 4)}-01-01` as Day) + 1
}
