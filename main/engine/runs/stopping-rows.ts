import type { Folds } from '../samples/index.ts'

/** About this share of the training rows tells when to stop. */
const share = 0.2

/** Training rows that early stopping watches: whole folds, so that they share no held-out group with the other training rows,
 *  and never a row that is tested.
 *  @param tested the fold that is scored afterwards; −1 for the model of all rows */
export function stoppingRows(folds: Folds, tested: number): Int32Array {
  const others = folds.count - (tested < 0 ? 0 : 1)
  const wanted = Math.max(1, Math.round(others * share))
  const isWatched = new Uint8Array(folds.count)
  for (let k = 1; k <= wanted; k++) isWatched[(tested + k + folds.count) % folds.count] = 1
  const rows = tested < 0 ? Int32Array.from(folds.fold.keys()) : folds.train(tested)
  return rows.filter((row) => folds.fold[row] >= 0 && isWatched[folds.fold[row]] === 1)
}
