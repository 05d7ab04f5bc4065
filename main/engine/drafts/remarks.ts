import type { DraftRemark } from '../../contract/index.ts'
import type { Plan, RunFields } from '../runs/index.ts'
import type { DraftSources } from './draft-sources.ts'

/** A draft that could be planned, with everything it reads. */
export interface PlannedDraft {
  readonly plan: Omit<Plan, 'id'>
  readonly fields: RunFields
  readonly sources: DraftSources
}

/** Looks at one thing of a recipe that runs. */
export type Review = (draft: PlannedDraft) => DraftRemark[]

export const warn = (card: DraftRemark['card'], path: string, message: string, remedy: string): DraftRemark => ({
  card,
  path,
  severity: 'warning',
  message,
  remedy,
})
export const note = (...rest: Parameters<typeof warn>): DraftRemark => ({ ...warn(...rest), severity: 'note' })
