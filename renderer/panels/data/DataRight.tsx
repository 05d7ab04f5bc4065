import { useEffect } from 'react'
import { useSession } from '../../state/session.ts'
import { EmptyState } from '../../widgets/PanelState.tsx'
import { DatasetCard } from './DatasetCard.tsx'
import { StationCard } from './StationCard.tsx'
import { StationSetCard } from './StationSetCard.tsx'
import { useDataPanel } from './data-panel.ts'
import { DerivePanel } from './derive/DerivePanel.tsx'
import { GridsPanel } from './grids/GridsPanel.tsx'

/** The card of what is selected, or the grids, or a field in the making. */
export function DataRight() {
  const panel = useDataPanel((state) => state.panel)
  const selection = useSession((state) => state.selection)
  useEffect(
    () =>
      useSession.subscribe((now, before) => {
        const isChosen = now.selection !== before.selection && /^(dataset|station)/.test(now.selection.kind)
        if (isChosen) useDataPanel.setState({ panel: 'card' })
      }),
    [],
  )
  if (panel === 'grids') return <GridsPanel />
  if (panel === 'derive') return <DerivePanel />
  if (selection.kind === 'dataset') return <DatasetCard key={selection.name} name={selection.name} />
  if (selection.kind === 'stationSet') return <StationSetCard key={selection.name} name={selection.name} />
  if (selection.kind === 'station')
    return <StationCard key={`${selection.set}/${selection.station}`} set={selection.set} station={selection.station} />
  return <EmptyState>Choose a dataset to see its unit, dates, files and where they came from.</EmptyState>
}
