import type { LearnerSettings } from '../../contract/index.ts'
import { boosting } from './boosting.ts'
import { forest } from './forest.ts'
import { linear } from './linear.ts'
import { mlp } from './mlp.ts'
import type { FitOptions, Learner, Model, TrainingRows } from './model.ts'
import { weightCount } from './network.ts'
import { svr } from './svr.ts'
import { searchFits } from './tuning/search-work.ts'

/** The ways to learn, by the `type` of a recipe's learner. */
export const learners: { readonly [T in LearnerSettings['type']]: Learner<Extract<LearnerSettings, { type: T }>> } = {
  forest,
  boosting,
  linear,
  svr,
  mlp,
}

/** Learns with the learner that the settings name.
 *  @param rows the rows to learn from; null means all
 *  @throws bad_table, too_few_rows, bad_input, cancelled */
export function fitModel(
  table: TrainingRows,
  rows: Int32Array | null,
  settings: LearnerSettings,
  options: FitOptions,
): Promise<Model> {
  const learner = learners[settings.type] as Learner<LearnerSettings>
  return learner.fit(table, rows, settings, options)
}

/** Whether fitting needs `stoppingRows`. */
export function stopsEarly(settings: LearnerSettings): boolean {
  if (settings.type === 'mlp') return settings.stopping !== undefined
  return settings.type === 'boosting' && settings.earlyStopping !== undefined
}

/** Whether fitting needs `tuningFolds`. */
export function isTuned(settings: LearnerSettings): boolean {
  return 'tuning' in settings && settings.tuning !== undefined
}

/** Trees the settings ask for, at most; 1 where there are none. */
export function treesOf(settings: LearnerSettings): number {
  if (settings.type === 'forest') return Math.max(...(settings.tuning?.treeCounts ?? [settings.treeCount]))
  return settings.type === 'boosting' ? settings.rounds : 1
}

/** How much work a fit to so many rows and the prediction of a cell are, in a unit of the learner's own: a tree and row; for support
 *  vectors a pair of rows, as nearly every row may be kept. */
export function workOf(settings: LearnerSettings, rows: number): { readonly fit: number; readonly predict: number } {
  if (settings.type === 'mlp') return { fit: Math.min(rows, settings.mostRows) * settings.epochs, predict: 1 }
  if (settings.type === 'svr') {
    const own = Math.min(rows, settings.mostRows)
    const search = searchFits(settings, own)
    return { fit: own ** 2 + (search ? search.fits * search.rows ** 2 : 0), predict: own }
  }
  const trees = treesOf(settings)
  const search = searchFits(settings, rows)
  return { fit: trees * (rows + (search ? search.fits * search.rows : 0)), predict: trees }
}

/** Bytes of a model of so many rows, roughly and at most. */
export function modelBytesAtMost(settings: LearnerSettings, rows: number, predictors: number): number {
  const nodeBytes = 8
  switch (settings.type) {
    case 'forest':
      return (
        (nodeBytes * 2 * treesOf(settings) * rows) /
        Math.min(...(settings.tuning?.minLeafSizes ?? [settings.minLeafSize]))
      )
    case 'boosting': {
      const { tuning, rounds } = settings
      const depth = Math.max(...(tuning?.maxDepths ?? [settings.maxDepth]))
      const leaf = Math.min(...(tuning?.minChildWeights ?? [settings.minChildWeight]))
      return nodeBytes * rounds * Math.min(2 ** (depth + 1), (2 * rows) / leaf)
    }
    case 'linear':
      return 16 * predictors
    case 'mlp':
      return 8 * weightCount([predictors, ...settings.hiddenLayers, 1])
    case 'svr':
      return 8 * Math.min(rows, settings.mostRows) * (predictors + 1)
  }
}

/** The same settings without what is sought on held-out rows: for a quick look, or where there are no folds. */
export function withoutSearch(settings: LearnerSettings): LearnerSettings {
  if (settings.type === 'boosting') return { ...settings, earlyStopping: undefined, tuning: undefined }
  if (settings.type === 'mlp') return { ...settings, stopping: undefined }
  return withoutTuning(settings)
}

/** The same settings as they stand, instead of sought. */
export function withoutTuning(settings: LearnerSettings): LearnerSettings {
  return 'tuning' in settings ? { ...settings, tuning: undefined } : settings
}

/** Regressions for a quick look learn from at most so many rows. */
const quickRows = 2000
const quickEpochs = 60

/** The same settings for a quick look: so many trees, or not too many rows, and nothing sought. */
export function withTrees(settings: LearnerSettings, trees: number): LearnerSettings {
  if (settings.type === 'forest') return { ...settings, treeCount: trees, tuning: undefined }
  if (settings.type === 'boosting') return { ...settings, rounds: trees, earlyStopping: undefined, tuning: undefined }
  if (settings.type === 'linear') return settings
  const mostRows = Math.min(settings.mostRows, quickRows)
  return settings.type === 'svr'
    ? { ...settings, mostRows, tuning: undefined }
    : { ...settings, mostRows, epochs: Math.min(settings.epochs, quickEpochs), stopping: undefined }
}
