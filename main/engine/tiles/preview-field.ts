import { LoamError } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { modelWords } from '../models/index.ts'
import type { PreviewPlan, PreviewSpec } from './layer-plan.ts'
import type { OpenedField } from './open-field.ts'

const layers = {
  prediction: { name: 'Preview', says: 'prediction', hasUnit: true },
  interval: { name: 'Preview, width of the interval', says: 'width of the interval', hasUnit: true },
  applicability: { name: 'Preview, dissimilarity index', says: 'dissimilarity to the training rows', hasUnit: false },
} as const

/** A preview's layer, all but its values. */
export function describePreview(spec: PreviewSpec, layer: PreviewPlan['layer']): Omit<Field, 'read'> {
  const { recipe, fineGrid } = spec.plan
  const { name, says, hasUnit } = layers[layer]
  const id = hashJson({ form: 'preview/1', preview: spec.id, layer })
  return {
    id,
    // The preview's id covers every input, so with the day it says enough.
    idOn: (day) => hashJson({ id, day }),
    name,
    unit: hasUnit ? recipe.product.unit : '1',
    kind: 'continuous',
    times: 'any',
    nativeGrid: fineGrid,
    lineage: `${says} of a ${modelWords[recipe.learner.type]} trained on at most ${spec.rows} rows, from ${Object.keys(recipe.predictors).join(', ')}; a preview, not saved`,
  }
}

/** In a process that has no models: what is known before one is trained. */
export function unreadPreview({ preview, layer }: PreviewPlan): OpenedField {
  return {
    field: {
      ...describePreview(preview, layer),
      read: () => Promise.reject(new LoamError('internal', 'A preview is only read where its model is.')),
    },
    close() {},
  }
}
