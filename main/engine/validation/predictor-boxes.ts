import type { Kind, PredictorBox } from '../../contract/index.ts'
import { quantileSorted } from '../numeric/index.ts'
import { boxOf } from './error-boxes.ts'

/** Pairs told apart by what a predictor is where they lie. */
export interface PredictorGroups {
  /** Index into `groups` of each pair; −1 where the predictor has no value. */
  readonly of: Int32Array
  /** Ascending; `from` and `to` are the least and the largest value of a group's pairs, so that groups do not overlap. */
  readonly groups: readonly { readonly from: number; readonly to: number }[]
}

/** Groups of pairs by a predictor: one a class; quarters of the compass for a direction, which has no least value; else thirds of
 *  the pairs, cut at their terciles (type 7), so that each third has as many pairs as ties allow. Groups without a pair are left out.
 *  @param values of the predictor at each pair, NaN for none */
export function groupsOfPredictor(values: ArrayLike<number>, kind: Kind): PredictorGroups {
  const key = keyOf(values, kind)
  const found = new Map<number, { from: number; to: number }>()
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue
    const group = found.get(key(values[i]))
    if (!group) found.set(key(values[i]), { from: values[i], to: values[i] })
    else {
      group.from = Math.min(group.from, values[i])
      group.to = Math.max(group.to, values[i])
    }
  }
  const keys = [...found.keys()].sort((a, b) => a - b)
  const place = new Map(keys.map((each, i) => [each, i]))
  return {
    of: Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : (place.get(key(value)) ?? -1))),
    groups: keys.map((each) => found.get(each)!),
  }
}

function keyOf(values: ArrayLike<number>, kind: Kind): (value: number) => number {
  if (kind === 'categorical') return (value) => value
  if (kind === 'circular') return (value) => Math.floor((((value % 360) + 360) % 360) / 90)
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const [first, second] = [quantileSorted(sorted, 1 / 3), quantileSorted(sorted, 2 / 3)]
  return (value) => (value <= first ? 0 : value <= second ? 1 : 2)
}

/** Errors of some of the pairs as a box for each group that has any of them.
 *  @param errors predicted − observed of each pair
 *  @param kept numbers of the pairs that count */
export function predictorBoxes(
  { of, groups }: PredictorGroups,
  errors: ArrayLike<number>,
  kept: ArrayLike<number>,
): PredictorBox[] {
  const members = groups.map((): number[] => [])
  for (let k = 0; k < kept.length; k++) if (of[kept[k]] >= 0) members[of[kept[k]]].push(errors[kept[k]])
  return groups.flatMap((group, i) => (members[i].length > 0 ? [{ ...group, ...boxOf(members[i]) }] : []))
}
