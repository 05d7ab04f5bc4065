import { LoamError, dayFromNumber } from '../../contract/index.ts'
import type { ScoreRow } from '../../contract/index.ts'
import { score } from './score.ts'
import type { ScoreOptions } from './score.ts'

/** Predicted and observed values side by side. */
export interface Pairs {
  readonly predicted: ArrayLike<number>
  readonly observed: ArrayLike<number>
  /** Station or spatial block of each pair: what the bootstrap draws whole. */
  readonly group: ArrayLike<number>
  /** Name of each group number, for rows per station; leave out for spatial blocks. */
  readonly groupNames?: readonly string[]
  /** Days since 1970-01-01, for rows per month. */
  readonly day?: ArrayLike<number>
  /** 1 for pairs outside the model's area of applicability, 0 inside, for a row of each. */
  readonly outside?: ArrayLike<number>
}

export interface ScoreTableOptions extends ScoreOptions, Pick<ScoreRow, 'validation' | 'subject' | 'measured'> {
  /** Parts to score; default all that the pairs allow. */
  readonly by?: readonly ('overall' | 'applicability' | 'station' | 'month')[]
}

/** Pairs below which a row is marked as small. */
export const smallCount = 20

export function isSmall(row: ScoreRow): boolean {
  return row.scores.n < smallCount
}

/** One row overall, one inside and one outside the area of applicability, one per station (in the order of their names), one per calendar month (in time). Parts without a
 *  pair have no row. Overall and in a month the bootstrap draws groups; for one station it draws that station's months,
 *  so its interval tells how the score varies in time there, not between places.
 *  @throws bad_input for unequal lengths */
export function scoreTable(pairs: Pairs, options: ScoreTableOptions): ScoreRow[] {
  const { validation, subject, measured, by = ['overall', 'applicability', 'station', 'month'] } = options
  const { predicted, observed, group, groupNames, day, outside } = pairs
  if (day && day.length !== group.length)
    throw new LoamError(
      'bad_input',
      `A score table was asked of ${group.length} pairs with ${day.length} days; it needs a day per pair.`,
    )
  const row = (part: string, scores: ScoreRow['scores']): ScoreRow => ({ validation, subject, part, measured, scores })
  const rows: ScoreRow[] = []
  if (by.includes('overall')) rows.push(row('overall', score(predicted, observed, group, options)))

  const month = day ? monthNumbers(day) : null
  const scorePart = (part: string, members: number[], groupOf: ArrayLike<number>) => {
    const take = (from: ArrayLike<number>) => Float64Array.from(members, (i) => from[i])
    const scores = score(take(predicted), take(observed), take(groupOf), options)
    if (scores.n > 0) rows.push(row(part, scores))
  }
  if (by.includes('applicability') && outside)
    for (const [isOutside, members] of partsOf(outside, (a, b) => a - b))
      scorePart(`applicability:${isOutside ? 'outside' : 'inside'}`, members, group)
  if (by.includes('station') && groupNames)
    for (const [number, members] of partsOf(group, (a, b) => compare(groupNames[a], groupNames[b])))
      scorePart(`station:${groupNames[number]}`, members, month ?? group)
  if (by.includes('month') && month)
    for (const [number, members] of partsOf(month, (a, b) => a - b))
      scorePart(`month:${monthName(number)}`, members, group)
  return rows
}

/** Pair numbers of each value of `key`, in the order asked for. */
function partsOf(key: ArrayLike<number>, order: (a: number, b: number) => number): [number, number[]][] {
  const parts = new Map<number, number[]>()
  for (let i = 0; i < key.length; i++) {
    const members = parts.get(key[i])
    if (members) members.push(i)
    else parts.set(key[i], [i])
  }
  return [...parts].sort((a, b) => order(a[0], b[0]))
}

/** Months since year 0 of each day. */
function monthNumbers(day: ArrayLike<number>): Int32Array {
  const known = new Map<number, number>()
  const months = new Int32Array(day.length)
  for (let i = 0; i < months.length; i++) {
    let month = known.get(day[i])
    if (month === undefined) {
      const text = dayFromNumber(day[i])
      month = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1
      known.set(day[i], month)
    }
    months[i] = month
  }
  return months
}

function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
