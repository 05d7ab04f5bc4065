import type { ModelInfo } from './model.ts'

/** What a model of each type is called in a sentence. */
export const modelWords: Record<ModelInfo['type'], string> = {
  forest: 'forest',
  boosting: 'boosted forest',
  linear: 'linear regression',
  svr: 'support vector regression',
  mlp: 'neural network',
}
