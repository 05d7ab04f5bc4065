import { useMemo } from 'react'
import { useStationCards, useStationSets } from '../api/stations.ts'
import { useMapExtras } from '../map/map-extras.ts'
import type { StationMark } from '../map/overlay/overlays.ts'
import { useWorkspaceStore } from '../state/workspace.ts'

/** All stations with a place, in the map's CRS, with their use and what the page wants them coloured by. */
export function useStationMarks(crs: string | null): StationMark[] {
  const removed = useWorkspaceStore((state) => state.document.removed.stationSets)
  const use = useWorkspaceStore((state) => state.document.stationUse)
  const looks = useMapExtras((state) => state.stationLooks)
  const left = useMapExtras((state) => state.stationsLeft)
  const sets = useStationSets().data
  const names = useMemo(
    () => (sets ?? []).filter(({ name, hasPlaces }) => hasPlaces && !removed.includes(name)).map(({ name }) => name),
    [sets, removed],
  )
  const cards = useStationCards(names, crs)
  return useMemo(
    () =>
      cards.flatMap((card) =>
        card.stations.flatMap(({ id, name, x, y }): StationMark[] => {
          if (x === null || y === null) return []
          const key = `${card.name}/${id}`
          return [
            {
              set: card.name,
              id,
              name: name || id,
              x,
              y,
              use: use[key] ?? 'validation',
              colour: looks?.[key]?.colour ?? null,
              words: left?.has(key) === false ? undefined : looks?.[key]?.words,
              isFaint: left?.has(key) === false,
            },
          ]
        }),
      ),
    [use, looks, left, cards],
  )
}
