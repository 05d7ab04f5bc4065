import type { DraftRemark } from '../../contract/index.ts'
import { note, warn } from './remarks.ts'
import type { PlannedDraft } from './remarks.ts'
import { depthWords } from './sentences.ts'

function targetDepth({ plan: { recipe }, fields }: PlannedDraft): readonly [number, number] | null {
  return recipe.target.depth ?? fields.targetTable?.depth ?? null
}

export function depths(draft: PlannedDraft): DraftRemark[] {
  const wanted = targetDepth(draft)
  if (!wanted) return []
  return draft.plan.recipe.validation.flatMap((spec, i) => {
    const reference = draft.fields.references[i]
    const found = reference.from === 'stations' ? reference.table.depth : null
    if (!found || (found[0] <= wanted[1] && found[1] >= wanted[0])) return []
    return [
      warn(
        'validation',
        `validation.${i}.depth`,
        `The target stands for ${depthWords(wanted).slice(2)}, ${spec.name} measures ${depthWords(found).slice(2)}: part of the bias is depth, no error of the map.`,
        'Choose a sensor within the target’s depth, or read the scores without bias (ubRMSE).',
      ),
    ]
  })
}

export function units({ plan: { recipe }, fields }: PlannedDraft): DraftRemark[] {
  const wanted = fields.targetTable?.unit ?? fields.target?.unit ?? ''
  return recipe.validation.flatMap((spec, i) => {
    const reference = fields.references[i]
    const found = reference.from === 'stations' ? reference.table.unit : reference.field.unit
    if (!wanted || !found || wanted === found) return []
    return [
      warn(
        'validation',
        `validation.${i}`,
        `${spec.name} is in "${found}", the target in "${wanted}": differences mean nothing.`,
        'Bring the reference to the unit of the target.',
      ),
    ]
  })
}

export function sameStations({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  const { target } = recipe
  if (!('stations' in target)) return []
  return recipe.validation.flatMap((spec, i) =>
    'stations' in spec && spec.stations === target.stations && spec.variable === target.variable
      ? [
          warn(
            'validation',
            `validation.${i}`,
            `${spec.name} are the stations the model is trained on: their score shows the fit, not the map.`,
            'Read the held-out folds instead, or use other stations.',
          ),
        ]
      : [],
  )
}

export function nothingMeasured({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  if ('stations' in recipe.target || recipe.validation.some(({ measured }) => measured)) return []
  return [
    warn(
      'validation',
      'validation',
      'Nothing measured is held against the maps: scores tell agreement with the coarse product, not accuracy.',
      'Add stations, or say in the report that this is consistency.',
    ),
  ]
}

export function noInterval({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  if (recipe.product.intervals || recipe.learner.type !== 'forest') return []
  return [
    note(
      'output',
      'product.intervals',
      'The maps come without an interval, so a reader cannot see where they are sure.',
      'Ask for the quantiles 0.05 and 0.95.',
    ),
  ]
}
