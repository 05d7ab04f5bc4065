import { LoamError, asLoamError, learnerOf } from '../../contract/index.ts'
import type { OptimismGap, Recipe, Split } from '../../contract/index.ts'
import { fitModel, treesOf, withTrees } from '../models/index.ts'
import { makeFolds, rowCount } from '../samples/index.ts'
import type { Folds, SampleTable } from '../samples/index.ts'
import { score } from '../validation/index.ts'

const mostTrees = 60
const mostFolds = 5

const ways = [
  { by: 'random', title: 'Random rows' },
  { by: 'time', title: 'New period' },
  { by: 'place', title: 'New place' },
] as const

/** Trains the recipe's learner on a sample, parted at random, by period and by place, and scores what was held out. The three
 *  scores are of the same rows, so what differs is only what training had seen. Fewer trees than the recipe's are enough: the
 *  mean of 60 trees is within some percent of that of many. */
export async function measureGap(
  recipe: Recipe,
  table: SampleTable,
  options: {
    readonly threads: number
    readonly signal: AbortSignal
    readonly report: (doing: string, done: number, total: number) => void
  },
): Promise<OptimismGap['splits']> {
  const { threads, signal, report } = options
  const learner = withTrees(learnerOf(recipe), Math.min(mostTrees, treesOf(recipe.learner)))
  const splits: OptimismGap['splits'][number][] = []
  for (const [i, { by, title }] of ways.entries()) {
    try {
      const folds = foldsBy(by, recipe, table)
      const predicted = new Float64Array(rowCount(table)).fill(Number.NaN)
      for (let fold = 0; fold < folds.count; fold++) {
        signal.throwIfAborted()
        report(title, i * mostFolds + fold, ways.length * mostFolds)
        const hooks = { seed: recipe.seed, threads, signal, onProgress: () => {} }
        const model = await fitModel(table, folds.train(fold), learner, hooks)
        const test = folds.test(fold)
        const columns = table.columns.map((column) => Float32Array.from(test, (row) => column[row]))
        const values = await model.predict(columns, test.length, threads)
        test.forEach((row, at) => (predicted[row] = values[at]))
      }
      const groups = by === 'time' ? table.day : table.place
      const scores = score(predicted, table.target, groups, { seed: recipe.seed, resamples: 400 })
      const { pearsonR, rmse } = scores.measures
      splits.push({ by, title, pearsonR, rmse, n: scores.n, groups: scores.groups, why: folds.description })
    } catch (thrown) {
      const fault = asLoamError(thrown)
      if (fault.code === 'cancelled' || !(thrown instanceof LoamError)) throw thrown
      splits.push({ by, title, pearsonR: null, rmse: null, n: 0, groups: 0, why: fault.message })
    }
  }
  return splits
}

/** Folds of the recipe's kind; of a short record or a few places, weeks and fewer folds rather than none.
 *  @throws too_few_rows when two folds are too many */
function foldsBy(by: Split['by'], recipe: Recipe, table: SampleTable): Folds {
  const { timeBlock } = recipe.split
  const blocks = by === 'time' && timeBlock !== 'week' ? [timeBlock, 'week' as const] : [timeBlock]
  let fault: unknown
  for (const block of blocks)
    for (const folds of [Math.min(mostFolds, recipe.split.folds), 3, 2])
      try {
        return makeFolds(table, { ...recipe.split, by, folds, timeBlock: block, leaveOneOut: false }, recipe.seed)
      } catch (thrown) {
        if (!(thrown instanceof LoamError) || thrown.code !== 'too_few_rows') throw thrown
        fault ??= thrown
      }
  throw fault
}
