import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { endpoints, isDay } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { useStationCards, useStationSets } from '../api/stations.ts'
import { usePointer } from '../state/pointer.ts'
import { session } from '../state/session.ts'
import { useWorkspaceStore } from '../state/workspace.ts'

interface Findable {
  readonly id: string
  readonly sign: '#' | '@' | ':' | '!'
  readonly title: string
  readonly note: string
  readonly run: () => void
}

/** What the palette finds besides commands, for the text typed so far. */
export function useFindable(text: string, hasProject: boolean): Findable[] {
  const { layers, removed } = useWorkspaceStore((state) => state.document)
  const datasets = useQuery({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => call(endpoints.datasets, { signal }),
    enabled: hasProject,
  }).data
  const runs = useQuery({
    queryKey: ['runs'],
    queryFn: ({ signal }) => call(endpoints.listRuns, { signal }),
    enabled: hasProject,
  }).data
  const stations = useStations(hasProject)
  return useMemo(() => {
    const ofLayers = layers.map(
      ({ id, name }): Findable => ({
        id: `# layer ${id}`,
        sign: '#',
        title: name,
        note: 'layer',
        run: () => session().set({ place: 'explore', selection: { kind: 'layer', layer: id } }),
      }),
    )
    const ofDatasets = (datasets ?? [])
      .filter(({ name }) => !removed.datasets.includes(name))
      .map(
        ({ name }): Findable => ({
          id: `# dataset ${name}`,
          sign: '#',
          title: name,
          note: 'dataset',
          run: () => session().set({ place: 'data', selection: { kind: 'dataset', name } }),
        }),
      )
    const ofRuns = (runs ?? []).map(
      ({ id, name }): Findable => ({
        id: `! ${id}`,
        sign: '!',
        title: `${id} ${name}`,
        note: 'run',
        run: () => session().set({ place: 'runs', selection: { kind: 'run', run: id } }),
      }),
    )
    const day = text.replace(/^:/, '').trim()
    const ofDate: Findable[] = isDay(day)
      ? [{ id: ': day', sign: ':', title: `Go to ${day}`, note: 'date', run: () => session().set({ day }) }]
      : []
    return [...ofDate, ...ofLayers, ...ofDatasets, ...ofRuns, ...stations]
  }, [layers, removed, datasets, runs, stations, text])
}

function useStations(hasProject: boolean): readonly Findable[] {
  const removed = useWorkspaceStore((state) => state.document.removed.stationSets)
  const crs = usePointer((state) => state.crs)
  const sets = useStationSets(hasProject).data
  const names = (sets ?? []).map(({ name }) => name).filter((name) => !removed.includes(name))
  const cards = useStationCards(names, crs)
  return useMemo(
    () =>
      cards.flatMap((card) =>
        card.stations.map(
          ({ id, name }): Findable => ({
            id: `@ ${card.name}/${id}`,
            sign: '@',
            title: name || id,
            note: card.name,
            run: () => session().set({ selection: { kind: 'station', set: card.name, station: id } }),
          }),
        ),
      ),
    [cards],
  )
}
