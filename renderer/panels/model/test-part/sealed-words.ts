import type { SealedRows } from '../../../../main/contract/index.ts'
import { formatCount, formatNumber } from '../../../widgets/format.ts'

/** `Sealed: 2 of 8 stations on all dates; 40 of 160 rows (25 %). The folds share the other 120.`
 *  @param openDays dates with a row that is not sealed */
export function sealedWords({ rows, of, places, placesOf, days }: SealedRows, kind: string, openDays: number): string {
  const parts = [
    ...(places > 0 ? [`${formatCount(places)} of ${formatCount(placesOf)} ${kind} on all dates`] : []),
    ...(days.length > 0
      ? [`${formatCount(days.length)} of ${formatCount(days.length + openDays)} dates in all places`]
      : []),
    `${formatCount(rows)} of ${formatCount(of)} rows (${formatNumber((100 * rows) / of, 0)} %)`,
  ]
  return `Sealed: ${parts.join('; ')}. The folds share the other ${formatCount(of - rows)}.`
}
