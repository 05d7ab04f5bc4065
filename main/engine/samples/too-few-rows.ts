import { LoamError } from '../../contract/index.ts'
import type { SampleTable } from './sample-table.ts'
import { rowCount } from './sample-table.ts'

/** Refuses a table that cannot be trained on.
 *  @throws too_few_rows: "0 of 1 200 rows are usable (NDVI masked 900, target no_data 300); …" */
export function requireRows(table: SampleTable, needed: number): void {
  const found = rowCount(table)
  if (found >= needed) return
  const excluded = Object.values(table.excluded).reduce((sum, count) => sum + count, 0)
  const why = excluded > 0 ? ` (${formatExcluded(table.excluded)})` : ''
  throw new LoamError(
    'too_few_rows',
    `${withSpaces(found)} of ${withSpaces(found + excluded)} rows are usable${why}; at least ${withSpaces(needed)} are needed. ` +
      wayOut(table.excluded),
    { found, needed, excluded: table.excluded },
  )
}

/** What helps against the most frequent reason. */
function wayOut(excluded: Record<string, number>): string {
  const [worst = ''] = Object.entries(excluded)
    .sort((a, b) => b[1] - a[1])
    .map(([reason]) => reason)
  if (worst === 'place:outside_grid')
    return 'The stations lie outside the fine grid: check `grid` of the recipe, and the coordinates and CRS of the stations.'
  if (worst === 'place:unknown')
    return 'The stations have no places: import them again together with the list that says where they are.'
  if (worst.startsWith('target:'))
    return 'The target itself has the most gaps: widen the training period, or take another depth or product.'
  return 'Give the predictors with the most gaps a longer age limit or leave them out, or widen the period.'
}

/** Reasons with their counts, the most frequent first: `NDVI masked 900, target no_data 300`. */
export function formatExcluded(excluded: Record<string, number>): string {
  return Object.entries(excluded)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([reason, count]) => `${reason.replace(':', ' ')} ${withSpaces(count)}`)
    .join(', ')
}

/** 1234567 → `1 234 567`, the same in every locale. */
function withSpaces(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}
