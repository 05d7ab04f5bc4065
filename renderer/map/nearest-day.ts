import { dayNumber } from '../../main/contract/index.ts'
import type { Day } from '../../main/contract/index.ts'

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

/** First day after (`+1`) or last before (`-1`) a day in an ascending list; null where there is none. */
export function nextDayWith(days: readonly Day[], day: Day, direction: 1 | -1): Day | null {
  const found = direction > 0 ? days.find((each) => each > day) : days.findLast((each) => each < day)
  return found ?? null
}
