import type { DraftCard } from '../../../main/contract/index.ts'
import type { IconName } from '../../widgets/Icon.tsx'

/** Sign of a recipe card's state, and the words a screen reader says. */
export const cardMarks: Record<DraftCard['state'], { icon: IconName; words: string }> = {
  good: { icon: 'check', words: 'good' },
  warning: { icon: 'warning', words: 'with warnings' },
  error: { icon: 'error', words: 'to mend' },
  missing: { icon: 'info', words: 'to choose' },
}
