import type { Observations, StationSet } from '../../contract/index.ts'
import { stationSummary } from './station-summary.ts'
import { variableLines } from './variable-lines.ts'

const fewStations = 12

/** A station set in words: what it holds, station by station, and everything its reader noted.
 *  @param mostStations lines of the table; the rest is counted */
export function formatStationSet(
  set: StationSet,
  observations: Observations,
  mostStations: number = fewStations,
): string {
  const summaries = stationSummary(set, observations)
  const width = Math.max(7, ...set.stations.map((station) => station.id.length))
  const { statistic, minCount, flags, timeZone } = set.daily
  const lines = [
    `${set.name}: ${set.stations.length} ${set.stations.length === 1 ? 'station' : 'stations'}, ${observations.value.length} observations, ${set.crs === '' ? 'no places' : set.crs}`,
    ...variableLines(set.variables).map((line) => `  ${line}`),
    `  a day: ${statistic} of at least ${minCount} ${minCount === 1 ? 'value' : 'values'}, ${flags === null ? 'every flag' : `flags ${flags.join(', ')}`}, days of ${timeZone}`,
    `  ${'station'.padEnd(width)}  ${'values'.padStart(8)}  ${'missing'.padStart(8)}  first       last        longest gap`,
    ...summaries
      .slice(0, mostStations)
      .map(
        (one, i) =>
          `  ${set.stations[i].id.padEnd(width)}  ${String(one.n).padStart(8)}  ${String(one.missing).padStart(8)}  ${(one.first?.slice(0, 10) ?? '').padEnd(10)}  ${(one.last?.slice(0, 10) ?? '').padEnd(10)}  ${one.n > 1 ? `${Number(one.longestGapDays.toFixed(2))} d` : ''}`,
      ),
  ]
  if (summaries.length > mostStations) lines.push(`  … and ${summaries.length - mostStations} more`)
  return [...lines, ...set.notes.map((note) => `  - ${note}`)].join('\n')
}
