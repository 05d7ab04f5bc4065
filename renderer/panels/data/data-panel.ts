import { create } from 'zustand'
import { session } from '../../state/session.ts'

/** The dataset that is being renamed. */
export const useRenaming = create<{ readonly dataset: string | null }>(() => ({ dataset: null }))

/** What the right panel of the Data place shows in place of a card. */
export const useDataPanel = create<{ readonly panel: 'card' | 'grids' | 'derive' }>(() => ({ panel: 'card' }))

export function openDataPanel(panel: 'card' | 'grids' | 'derive'): void {
  useDataPanel.setState({ panel })
  const { panels, set } = session()
  set({ place: 'data', panels: { ...panels, isRightOpen: true } })
}
