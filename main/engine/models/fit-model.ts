import type { LearnerSettings } from '../../contract/index.ts'
import { boosting } from './boosting.ts'
import { forest } from './forest.ts'
import type { FitOptions, Learner, Model, ModelInfo, TrainingRows } from './model.ts'

/** The ways to learn, by the `type` of a recipe's learner. */
export const learners: { readonly [T in LearnerSettings['type']]: Learner<Extract<LearnerSettings, { type: T }>> } = {
  forest,
  boosting,
}

/** What a model of each type is called in a sentence. */
export const modelWords: Record<ModelInfo['type'], string> = { forest: 'forest', boosting: 'boosted forest' }

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
  return settings.type === 'boosting' && settings.earlyStopping !== undefined
}

/** Trees the settings ask for, at most. */
export function treesOf(settings: LearnerSettings): number {
  return settings.type === 'forest' ? settings.treeCount : settings.rounds
}

/** Nodes of a model of so many rows, roughly and at most. */
export function nodesAtMost(settings: LearnerSettings, rows: number): number {
  if (settings.type === 'forest') return (2 * settings.treeCount * rows) / settings.minLeafSize
  return settings.rounds * Math.min(2 ** (settings.maxDepth + 1), (2 * rows) / settings.minChildWeight)
}

/** The same settings for a quick look: so many trees, and nothing sought. */
export function withTrees(settings: LearnerSettings, trees: number): LearnerSettings {
  return settings.type === 'forest'
    ? { ...settings, treeCount: trees }
    : { ...settings, rounds: trees, earlyStopping: undefined }
}
