import type { Period } from '../../../main/contract/index.ts'
import { rangesFor } from '../../state/chart-filter.ts'
import type { BrushedRange, ChartFilterState, FilterScope } from '../../state/chart-filter.ts'
import { formatSignificant, formatUnit } from '../format.ts'

/** One part of the filter in words. */
export interface FilterPart {
  readonly id: string
  readonly words: string
  readonly part:
    | { readonly of: 'period' | 'months' | 'area' | 'places' | 'lasso' }
    | { readonly of: 'range'; readonly scope: FilterScope; readonly column: string; readonly range: BrushedRange }
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The filter as the chips say it, in the order of the rows' keys: when, where, then values. */
export function filterParts(state: ChartFilterState, period: Period | null, scope: FilterScope): FilterPart[] {
  const { months, area, places, lasso } = state
  const parts: FilterPart[] = []
  if (period)
    parts.push({
      id: 'period',
      words: period.from === period.to ? period.from : `${period.from} to ${period.to}`,
      part: { of: 'period' },
    })
  if (months) parts.push({ id: 'months', words: monthWords(months), part: { of: 'months' } })
  if (area) {
    const [west, south, east, north] = area.bounds
    const size = `${formatSignificant(east - west, 3)} × ${formatSignificant(north - south, 3)}`
    parts.push({ id: 'area', words: `area ${size} in ${area.crs}`, part: { of: 'area' } })
  }
  if (places) {
    const { ids } = places
    const words = ids.length <= 3 ? ids.join(', ') : `${ids.length} stations`
    parts.push({ id: 'places', words, part: { of: 'places' } })
  }
  for (const { scope: from, of: column, range } of rangesFor(state, scope))
    parts.push({
      id: `range ${from} ${column}`,
      words: `${column} ${rangeWords(range)}`,
      part: { of: 'range', scope: from, column, range },
    })
  const line = lasso[scope]
  if (line) parts.push({ id: 'lasso', words: `drawn around ${line.y} against ${line.x}`, part: { of: 'lasso' } })
  return parts
}

function rangeWords({ low, high, unit }: BrushedRange): string {
  const shown = formatUnit(unit)
  return `${formatSignificant(low, 3)} to ${formatSignificant(high, 3)}${shown && ` ${shown}`}`
}

/** `Jun–Aug`, `Dec–Feb`, `Apr, Oct`. */
export function monthWords(months: readonly number[]): string {
  const sorted = [...months].sort((a, b) => a - b)
  const wraps = sorted.includes(1) && sorted.includes(12) && sorted.length < 12
  const start = wraps ? sorted.findIndex((month, i) => i > 0 && month !== sorted[i - 1] + 1) : 0
  const turned = start > 0 ? [...sorted.slice(start), ...sorted.slice(0, start)] : sorted
  const runs: number[][] = []
  for (const month of turned) {
    const last = runs.at(-1)
    if (last && month === (last[last.length - 1] % 12) + 1) last.push(month)
    else runs.push([month])
  }
  return runs
    .map((run) =>
      run.length === 1 ? monthNames[run[0] - 1] : `${monthNames[run[0] - 1]}–${monthNames[run[run.length - 1] - 1]}`,
    )
    .join(', ')
}
