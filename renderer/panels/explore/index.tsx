import { useSession } from '../../state/session.ts'
import { LayerList } from './LayerList.tsx'
import { LayerStylePanel } from './LayerStylePanel.tsx'
import { EmptyState } from '../../widgets/PanelState.tsx'

export function ExploreLeft() {
  return <LayerList />
}

export function ExploreRight() {
  const selection = useSession((state) => state.selection)
  if (selection.kind === 'layer') return <LayerStylePanel key={selection.layer} id={selection.layer} />
  return <EmptyState>Click a cell to see its whole history.</EmptyState>
}

export { ExploreDock } from './ExploreDock.tsx'
