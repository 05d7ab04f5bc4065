import { useCrsList } from '../../../api/crs.ts'
import { useMapReadings } from '../../../map/readings.ts'
import { useSources } from '../../../state/sources.ts'
import { useWorkspaceStore } from '../../../state/workspace.ts'

/** Stations in degrees are kriged in the map's CRS where that has lengths; null where their own will do. */
export function useKrigingCrs(): (set: string) => string | null {
  const documentCrs = useWorkspaceStore((state) => state.document.crs)
  const firstCrs = useMapReadings(({ shown }) => shown[0]?.layer.tiled.grid.crs ?? null)
  const { stationSets } = useSources()
  const mapCrs = documentCrs ?? firstCrs
  const known = useCrsList([...stationSets.map(({ crs }) => crs), ...(mapCrs === null ? [] : [mapCrs])])
  return (set) => {
    const ofStations = stationSets.find(({ name }) => name === set)?.crs
    const isInDegrees = ofStations !== undefined && known.get(ofStations)?.isGeographic === true
    const isMapMetric = mapCrs !== null && known.get(mapCrs)?.isGeographic === false
    return isInDegrees && isMapMetric ? mapCrs : null
  }
}
