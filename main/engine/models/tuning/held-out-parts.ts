import { LoamError } from '../../../contract/index.ts'
import { Random } from '../../numeric/index.ts'

export interface HeldOutPart {
  /** Places in the rows given, ascending. */
  readonly fitted: readonly number[]
  readonly scored: readonly number[]
}

/** Which rows are fitted and which scored, part by part: every row that is tried is scored once, by a fit that had none of its fold.
 *  @param rows row of the table that each is
 *  @param tuningFolds fold of each row of the table; −1: it is not tried
 *  @param folds parts there are at most: folds beyond are joined to them in turn
 *  @throws bad_input when the rows lie in fewer than two folds */
export function heldOutParts(
  rows: Int32Array,
  tuningFolds: Int32Array | undefined,
  { folds, mostRows, seed }: { readonly folds: number; readonly mostRows: number; readonly seed: number },
): HeldOutPart[] {
  const inFold = [...rows.keys()].filter((i) => (tuningFolds?.[rows[i]] ?? -1) >= 0)
  const random = new Random(seed, 13)
  const drawn =
    inFold.length <= mostRows
      ? inFold
      : random
          .shuffle(inFold)
          .slice(0, mostRows)
          .sort((a, b) => a - b)
  const present = [...new Set(drawn.map((i) => tuningFolds![rows[i]]))].sort((a, b) => a - b)
  const count = Math.min(folds, present.length)
  if (count < 2)
    throw new LoamError(
      'bad_input',
      `Tuning scores settings on rows held out of the training rows, in two folds or more; there ${present.length === 1 ? 'is one' : 'are none'}. Leave out tuning, or part the rows into more groups.`,
    )
  const partOf = new Map(present.map((fold, i) => [fold, i % count]))
  return Array.from({ length: count }, (_, part) => {
    const isScored = (i: number): boolean => partOf.get(tuningFolds![rows[i]]) === part
    return { fitted: drawn.filter((i) => !isScored(i)), scored: drawn.filter(isScored) }
  })
}
