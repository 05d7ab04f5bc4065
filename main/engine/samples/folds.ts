/** Which rows are held out together. Frozen once made: training and scores refer to it by its hash. */
export interface Folds {
  readonly by: 'place' | 'time' | 'place_and_time' | 'random'
  readonly count: number
  /** For each row the fold that tests it, 0-based; −1 where no fold does (only `place_and_time`). */
  readonly fold: Int32Array
  /** How rows were parted, as a sentence for the methods section. */
  readonly description: string
  /** SHA-256 of every row's place, day and fold; does not depend on the order of the rows. */
  readonly hash: string
  /** Rows that fold `fold` scores, ascending. */
  test(fold: number): Int32Array
  /** Rows that fold `fold` may train on, ascending; shares no held-out group with `test(fold)`. */
  train(fold: number): Int32Array
}
