import { useStationSet } from '../../api/stations.ts'
import { useMapReadings } from '../../map/readings.ts'
import { useSession } from '../../state/session.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { EmptyState } from '../../widgets/PanelState.tsx'
import { LayerList } from './LayerList.tsx'
import { LayerStylePanel } from './LayerStylePanel.tsx'
import { Inspector } from './inspect/Inspector.tsx'

export function ExploreLeft() {
  return <LayerList />
}

export function ExploreRight() {
  const selection = useSession((state) => state.selection)
  const documentCrs = useWorkspaceStore((state) => state.document.crs)
  const firstCrs = useMapReadings(({ shown }) => shown[0]?.layer.tiled.grid.crs ?? null)
  const crs = documentCrs ?? firstCrs
  if (selection.kind === 'layer') return <LayerStylePanel key={selection.layer} id={selection.layer} />
  if (selection.kind === 'cell' && crs)
    return <Inspector key={`${selection.x} ${selection.y}`} x={selection.x} y={selection.y} crs={crs} />
  if (selection.kind === 'station' && crs) return <StationInspector {...selection} crs={crs} />
  return <EmptyState>Click a cell to see its whole history.</EmptyState>
}

/** A station is read like the cell it stands in. */
function StationInspector({ set, station, crs }: { set: string; station: string; crs: string }) {
  const found = useStationSet(set, crs).data?.stations.find(({ id }) => id === station)
  if (!found || found.x === null || found.y === null)
    return <EmptyState>This station has no place on the map.</EmptyState>
  return (
    <Inspector
      key={`${set}/${station}`}
      x={found.x}
      y={found.y}
      crs={crs}
      title={`Station ${found.name || found.id}`}
    />
  )
}

export { ExploreDock } from './ExploreDock.tsx'
