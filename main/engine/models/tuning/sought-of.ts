import type { LearnerSettings, TuningMethod } from '../../../contract/index.ts'
import type { SoughtSetting } from './sought.ts'

/** What a learner's `tuning` says, as all learners understand it. */
export interface Search {
  readonly sought: readonly SoughtSetting[]
  readonly method: TuningMethod
  /** Combinations tried, at most. */
  readonly trials: number
  readonly folds: number
  readonly mostRows: number
}

/** The search a learner asks for; null without one.
 *  @param predictors how many there are, from which a forest's usual numbers to try at a split come */
export function searchOf(settings: LearnerSettings, predictors: number): Search | null {
  if (settings.type === 'linear' || settings.type === 'mlp' || !settings.tuning) return null
  const { folds, mostRows } = settings.tuning
  // The simplest first: it is by the first in which two differ that they are compared.
  const sought = soughtBy(settings, predictors)
  const method = settings.type === 'svr' ? 'grid' : settings.tuning.method
  const combinations = sought.reduce((count, { values }) => count * new Set(values).size, 1)
  const trials = settings.type === 'svr' || method === 'grid' ? combinations : settings.tuning.trials
  return { sought, method, trials, folds, mostRows }
}

function soughtBy(
  settings: Extract<LearnerSettings, { type: 'forest' | 'boosting' | 'svr' }>,
  predictors: number,
): SoughtSetting[] {
  switch (settings.type) {
    case 'forest': {
      const { minLeafSizes, predictorsPerSplit, maxDepths, treeCounts } = settings.tuning!
      return listed([
        whole('minLeafSize', minLeafSizes, 'high', 1),
        whole('maxDepth', maxDepths, 'low', 1, 64),
        whole('predictorsPerSplit', predictorsPerSplit ?? usualPerSplit(predictors), 'low', 1, predictors),
        whole('treeCount', treeCounts, 'low', 1, 5000),
      ])
    }
    case 'boosting': {
      const { maxDepths, l2Penalties, minChildWeights, learningRates } = settings.tuning!
      return listed([
        whole('maxDepth', maxDepths, 'low', 1, 64),
        whole('minChildWeight', minChildWeights, 'high', 1),
        { name: 'l2', values: l2Penalties, isWhole: false, simpler: 'high', least: 0, most: 1e9 },
        { name: 'learningRate', values: learningRates, isWhole: false, simpler: 'low', least: 0, most: 1 },
      ])
    }
    case 'svr': {
      const { costs, gammas, epsilons } = settings.tuning!
      const positive = { isWhole: false, least: 0, most: 1e6 } as const
      return [
        { ...positive, name: 'cost', values: costs, simpler: 'low' },
        { ...positive, name: 'gamma', values: gammas, simpler: 'low' },
        { ...positive, name: 'epsilon', values: epsilons, simpler: 'high' },
      ]
    }
  }
}

/** A sixth, a third and two thirds of the predictors, and all. */
function usualPerSplit(predictors: number): number[] {
  return [...new Set([1 / 6, 1 / 3, 2 / 3, 1].map((share) => Math.ceil(share * predictors)))]
}

interface Listed extends Omit<SoughtSetting, 'values'> {
  readonly values: readonly number[] | undefined
}

function whole(
  name: string,
  values: readonly number[] | undefined,
  simpler: 'low' | 'high',
  least: number,
  most = Infinity,
): Listed {
  return { name, values, isWhole: true, simpler, least, most }
}

/** Those that are sought at all. */
function listed(settings: readonly Listed[]): SoughtSetting[] {
  return settings.flatMap(({ values, ...setting }) => (values ? [{ ...setting, values }] : []))
}
