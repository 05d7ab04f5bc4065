import type { Period } from '../../../../main/contract/index.ts'
import { editDraft } from '../../../state/draft.ts'

export const periodPath = 'split.test.period'

/** Seals the rows of these dates; undefined seals no period. */
export const sealPeriod = (period: Period | undefined): void =>
  editDraft(period ? 'Sealed period' : 'Seal no period', periodPath, period, true)
