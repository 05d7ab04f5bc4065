import { useSession } from '../../state/session.ts'
import { EmptyState } from '../../widgets/PanelState.tsx'
import { DatasetCard } from './DatasetCard.tsx'
import { StationCard } from './StationCard.tsx'
import { StationSetCard } from './StationSetCard.tsx'

/** The card of what is selected. */
export function DataRight() {
  const selection = useSession((state) => state.selection)
  if (selection.kind === 'dataset') return <DatasetCard key={selection.name} name={selection.name} />
  if (selection.kind === 'stationSet') return <StationSetCard key={selection.name} name={selection.name} />
  if (selection.kind === 'station')
    return <StationCard key={`${selection.set}/${selection.station}`} set={selection.set} station={selection.station} />
  return <EmptyState>Choose a dataset to see its unit, dates, files and where they came from.</EmptyState>
}
