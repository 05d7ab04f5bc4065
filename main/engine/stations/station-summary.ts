import type { Observations, StationSet } from '../../contract/index.ts'

const millisecondsPerDay = 86_400_000

/** What a station has to offer, over all its variables. */
export interface StationSummary {
  readonly station: string
  /** Observations with a value. */
  readonly n: number
  /** Observations that are recorded as missing. */
  readonly missing: number
  /** First and last value, UTC in ISO form; null without values. */
  readonly first: string | null
  readonly last: string | null
  /** Times in which a variable is silent for over twice its usual step, summed over the variables. */
  readonly gaps: number
  /** The longest time between two values of one variable, days; 0 with fewer than two values. */
  readonly longestGapDays: number
}

/** Counts, period and gaps of every station, in the order of the set.
 *  @param observations sorted by station, variable and time */
export function stationSummary(set: StationSet, observations: Observations): StationSummary[] {
  const { station, variable, observedAtMs, value } = observations
  const summaries = set.stations.map(({ id }) => ({
    station: id,
    n: 0,
    missing: 0,
    first: null as string | null,
    last: null as string | null,
    gaps: 0,
    longestGapDays: 0,
  }))
  const firstMs = new Float64Array(summaries.length).fill(Number.POSITIVE_INFINITY)
  const lastMs = new Float64Array(summaries.length).fill(Number.NEGATIVE_INFINITY)
  for (let start = 0; start < value.length; ) {
    const at = station[start]
    const summary = summaries[at]
    const times: number[] = []
    let end = start
    for (; end < value.length && station[end] === at && variable[end] === variable[start]; end++) {
      if (Number.isNaN(value[end])) summary.missing++
      else times.push(observedAtMs[end])
    }
    start = end
    if (times.length === 0) continue
    summary.n += times.length
    firstMs[at] = Math.min(firstMs[at], times[0])
    lastMs[at] = Math.max(lastMs[at], times[times.length - 1])
    const steps = Float64Array.from(times.slice(1), (time, i) => time - times[i])
    const usual = steps.toSorted()[steps.length >> 1]
    for (const step of steps) {
      if (step > 2 * usual) summary.gaps++
      summary.longestGapDays = Math.max(summary.longestGapDays, step / millisecondsPerDay)
    }
  }
  summaries.forEach((summary, at) => {
    if (summary.n === 0) return
    summary.first = new Date(firstMs[at]).toISOString()
    summary.last = new Date(lastMs[at]).toISOString()
  })
  return summaries
}
