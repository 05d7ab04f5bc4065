import { addDays, dayNumber } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'

const mostListed = 8

/** Gaps in a series of dates, as a sentence; empty when there are none or no step can be told.
 *  @param days sorted, without repeats */
export function gapNote(days: readonly Day[]): string {
  if (days.length < 4) return ''
  const steps = stepsOf(days)
  const step = usualStep(steps)
  if (step === null) {
    const widest = steps.reduce((a, b) => Math.max(a, b))
    const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1]
    return widest > 2 * usual ? `dates are uneven, usually ${usual} days apart, at most ${widest}.` : ''
  }
  const missing = missingDays(days)
  if (missing.length === 0) return ''
  const listed = missing.slice(0, mostListed).join(', ')
  return (
    `${missing.length} ${missing.length === 1 ? 'date is' : 'dates are'} missing at a step of ${step} day${step === 1 ? '' : 's'}: ${listed}` +
    `${missing.length > mostListed ? ', …' : ''}.`
  )
}

/** Dates absent between the first and the last at the usual step; none when no step can be told.
 *  @param days sorted, without repeats */
export function missingDays(days: readonly Day[]): Day[] {
  const step = days.length < 4 ? null : usualStep(stepsOf(days))
  if (step === null) return []
  const missing: Day[] = []
  for (const [i, day] of days.slice(0, -1).entries())
    for (let next = addDays(day, step); next < days[i + 1]; next = addDays(next, step)) missing.push(next)
  return missing
}

const stepsOf = (days: readonly Day[]): number[] => days.slice(1).map((day, i) => dayNumber(day) - dayNumber(days[i]))

/** Days from one date to the next, where most are that far apart. Months and half-months have steps of 28 to 31 or 13 to 16
 *  days; those are no gaps. */
function usualStep(steps: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1)
  const [step, times] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]
  return times < 0.5 * steps.length || step >= 13 ? null : step
}
