import { dayFromNumber, dayNumber } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'

export interface LaneDay {
  readonly day: Day
  /** Valid share of the scene, 0–1; 1 where it is not known. */
  readonly share: number
  /** `filled`: hatched; `conflict`: twice, or contradicting: a tick; `failed`, `waiting`: days of a run. */
  readonly mark?: 'filled' | 'conflict' | 'failed' | 'waiting'
}

/** Days a run has not made have nothing to show. */
export const hasData = ({ mark }: Pick<LaneDay, 'mark'>) => mark !== 'waiting' && mark !== 'failed'

/** When a dataset has data. */
export interface Lane {
  readonly id: string
  readonly name: string
  /** Ascending. */
  readonly days: readonly LaneDay[]
}

/** Stretch of time on the bar, in days since 1970; may be fractions. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
}

/** All lanes with a margin of 3 %, at least a month; null without any day. */
export function wholeWindow(lanes: readonly Lane[]): TimeWindow | null {
  const first = lanes.flatMap(({ days }) => (days.length > 0 ? [dayNumber(days[0].day)] : []))
  const last = lanes.flatMap(({ days }) => (days.length > 0 ? [dayNumber(days.at(-1)!.day)] : []))
  if (first.length === 0) return null
  const from = Math.min(...first)
  const to = Math.max(...last) + 1
  const margin = Math.max(0.03 * (to - from), (30 - (to - from)) / 2, 1)
  return { from: from - margin, to: to + margin }
}

/** Zooms by a factor about a day that stays where it is; from a week to two centuries. */
export function zoomWindow({ from, to }: TimeWindow, factor: number, about: number): TimeWindow {
  const span = Math.min(73_000, Math.max(7, (to - from) * factor))
  const share = (about - from) / (to - from)
  return { from: about - share * span, to: about + (1 - share) * span }
}

export const placeOfDay = ({ from, to }: TimeWindow, number: number, width: number) =>
  (width * (number - from)) / (to - from)

export const dayAt = ({ from, to }: TimeWindow, x: number, width: number): Day =>
  dayFromNumber(Math.floor(from + ((to - from) * x) / width))

/** Ticks at the first of days, months or years, as dense as labels of `room` pixels allow. */
export function timeTicks(
  window: TimeWindow,
  width: number,
  room = 58,
): { number: number; words: string; isMajor: boolean }[] {
  const pixelsPerDay = width / (window.to - window.from)
  const ticks: { number: number; words: string; isMajor: boolean }[] = []
  const months = [1, 2, 3, 6, 12, 24, 60, 120].find((each) => each * 30.4 * pixelsPerDay >= room) ?? 240
  const start = dayFromNumber(Math.floor(window.from))
  let year = Number(start.slice(0, 4))
  let month = months >= 12 ? 0 : Math.floor((Number(start.slice(5, 7)) - 1) / months) * months
  if (months >= 12) year = Math.floor(year / (months / 12)) * (months / 12)
  for (;;) {
    const date = new Date(Date.UTC(year, month, 1))
    const number = date.getTime() / 86_400_000
    if (number > window.to) break
    const words = date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : monthNames[date.getUTCMonth()]
    if (number >= window.from) ticks.push({ number, words, isMajor: date.getUTCMonth() === 0 })
    month += months
  }
  const days = [1, 2, 5, 10].find((each) => each * pixelsPerDay >= room / 2)
  if (months === 1 && days)
    for (let number = Math.ceil(window.from); number <= window.to; number++) {
      const date = Number(dayFromNumber(number).slice(8))
      if (date > 1 && (date - 1) % days === 0 && date <= 31 - days / 2)
        ticks.push({ number, words: String(date), isMajor: false })
    }
  return ticks
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
