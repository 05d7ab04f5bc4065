import type { Observations, StationSet } from '../../contract/index.ts'
import { depthText } from './depths.ts'
import { stationSummary } from './station-summary.ts'

const fewStations = 40

/** A station set in words: what it holds, station by station, and everything its reader noted. */
export function formatStationSet(set: StationSet, observations: Observations): string {
  const summaries = stationSummary(set, observations)
  const variables = new Map<string, number>()
  for (const { name, unit, depth } of set.variables) {
    const text = `${name} ${depthText(depth)}, ${unit === '' ? 'unit not stated' : unit}`
    variables.set(text, (variables.get(text) ?? 0) + 1)
  }
  const width = Math.max(7, ...set.stations.map((station) => station.id.length))
  const { statistic, minCount, flags, timeZone } = set.daily
  const lines = [
    `${set.name}: ${set.stations.length} stations, ${observations.value.length} observations, ${set.crs === '' ? 'no places' : set.crs}`,
    ...[...variables].map(([text, count]) => `  ${text}${count > 1 ? ` (up to ${count} sensors)` : ''}`),
    `  a day: ${statistic} of at least ${minCount} ${minCount === 1 ? 'value' : 'values'}, ${flags === null ? 'every flag' : `flags ${flags.join(', ')}`}, days of ${timeZone}`,
    `  ${'station'.padEnd(width)}  ${'values'.padStart(8)}  ${'missing'.padStart(8)}  first       last        longest gap`,
    ...summaries
      .slice(0, fewStations)
      .map(
        (one, i) =>
          `  ${set.stations[i].id.padEnd(width)}  ${String(one.n).padStart(8)}  ${String(one.missing).padStart(8)}  ${(one.first?.slice(0, 10) ?? '').padEnd(10)}  ${(one.last?.slice(0, 10) ?? '').padEnd(10)}  ${one.n > 1 ? `${Number(one.longestGapDays.toFixed(2))} d` : ''}`,
      ),
  ]
  if (summaries.length > fewStations) lines.push(`  … and ${summaries.length - fewStations} more stations`)
  return [...lines, ...set.notes.map((note) => `  - ${note}`)].join('\n')
}
