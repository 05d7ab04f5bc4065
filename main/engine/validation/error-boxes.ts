import { dayFromNumber } from '../../contract/index.ts'
import type { ErrorBox, ErrorSpread } from '../../contract/index.ts'
import { quantileSorted } from '../numeric/index.ts'

export interface ErrorsToBox {
  /** predicted − observed of each pair, finite. */
  readonly errors: ArrayLike<number>
  /** Days since 1970-01-01. */
  readonly day: ArrayLike<number>
  /** Index into `names`. */
  readonly group: ArrayLike<number>
  /** Null: groups are blocks without a name. */
  readonly names: readonly { readonly id: string; readonly name: string }[] | null
}

/** How errors are spread in each station, month and season, as box plots have it: quartiles, and whiskers that end at the last
 *  error within 1.5 times the interquartile range of the box.
 *  Source: Tukey (1977), Exploratory Data Analysis, 2D. */
export function errorBoxes({ errors, day, group, names }: ErrorsToBox): ErrorBox[] {
  const months = Int32Array.from(day, monthOf)
  const boxes = (by: ErrorBox['by'], key: ArrayLike<number>, nameOf: (key: number) => { id: string; name: string }) =>
    [...membersOf(errors, key)]
      .sort(([a], [b]) => a - b)
      .map(([at, own]): ErrorBox => ({ by, ...nameOf(at), ...boxOf(own) }))
  return [
    ...(names ? boxes('station', group, (at) => ({ id: names[at].id, name: names[at].name || names[at].id })) : []),
    ...boxes('month', months, (at) => ({ id: String(at), name: monthNames[at - 1] })),
    ...boxes(
      'season',
      Int32Array.from(months, (month) => Math.floor((month % 12) / 3)),
      (at) => ({
        id: seasons[at],
        name: seasons[at],
      }),
    ),
  ]
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** By their months, because summer is another one on the other half of the globe. */
const seasons = ['DJF', 'MAM', 'JJA', 'SON']

const monthOf = (day: number): number => Number(dayFromNumber(day).slice(5, 7))

function membersOf(values: ArrayLike<number>, key: ArrayLike<number>): Map<number, number[]> {
  const members = new Map<number, number[]>()
  for (let i = 0; i < values.length; i++) {
    const own = members.get(key[i])
    if (own) own.push(values[i])
    else members.set(key[i], [values[i]])
  }
  return members
}

/** How the errors of one group are spread. @param values at least one */
export function boxOf(values: readonly number[]): ErrorSpread {
  const sorted = Float64Array.from(values).sort()
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileSorted(sorted, share))
  const reach = 1.5 * (q3 - q1)
  const within = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach)
  const sum = (of: (value: number) => number) => values.reduce((total, value) => total + of(value), 0)
  return {
    n: values.length,
    low: within[0],
    q1,
    median,
    q3,
    high: within[within.length - 1],
    bias: sum((value) => value) / values.length,
    rmse: Math.sqrt(sum((value) => value * value) / values.length),
  }
}
