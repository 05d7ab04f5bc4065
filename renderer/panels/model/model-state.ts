import { create } from 'zustand'
import type { CardId, LayerSource, OptimismGap, PreviewAnswer } from '../../../main/contract/index.ts'

export type PreviewLayer = Extract<LayerSource, { of: 'preview' }>['layer']

interface ModelState {
  readonly card: CardId
  /** False: nothing is trained while the form is edited. */
  readonly isPreviewOn: boolean
  readonly previewLayer: PreviewLayer
  readonly preview: PreviewAnswer | null
  readonly isPreviewing: boolean
  readonly previewFault: unknown
  readonly isStartOpen: boolean
  readonly isPickerOpen: boolean
  /** While true a period of the sealed test part is brushed on the split's calendar. */
  readonly isBrushingTest: boolean
  readonly gap: { readonly of: string; readonly result: OptimismGap } | null
}

/** What the model place keeps by itself; the recipe is in the workspace. */
export const useModel = create<ModelState>(() => ({
  card: 'target',
  isPreviewOn: true,
  previewLayer: 'prediction',
  preview: null,
  isPreviewing: false,
  previewFault: null,
  isStartOpen: false,
  isPickerOpen: false,
  isBrushingTest: false,
  gap: null,
}))

export const cardTitles: Record<CardId, string> = {
  target: 'Target',
  predictors: 'Predictors',
  samples: 'Samples & split',
  learner: 'Learner & tuning',
  residual: 'Residual correction',
  output: 'Output',
  validation: 'Validation',
}
