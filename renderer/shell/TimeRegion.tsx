import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Coverage, Day, MapLayer } from '../../main/contract/index.ts'
import { coverageQuery } from '../api/datasets.ts'
import { useRun, useRuns } from '../api/run-queries.ts'
import { useMapReadings } from '../map/readings.ts'
import type { DrawnLayer } from '../map/view/panes.ts'
import { session, useSession } from '../state/session.ts'
import { useWorkspaceStore } from '../state/workspace.ts'
import { TimeBar } from '../widgets/time/TimeBar.tsx'
import type { Lane } from '../widgets/time/lanes.ts'
import { isStarted, runLane } from './run-lane.ts'

/** The time bar of the window: one lane per visible layer with dates, and one for the newest run while it is not done. */
export function TimeRegion({ isFolded = false }: { readonly isFolded?: boolean }) {
  const { day, period, panels } = useSession()
  const isDrawn = useMapReadings((state) => !state.isLoading)
  const ofLayers = useLanes()
  const ofRun = useRunLane()
  const lanes = useMemo(() => (ofRun ? [...ofLayers, ofRun] : ofLayers), [ofLayers, ofRun])
  return (
    <section className="time-region" aria-label="Time" data-region="time" data-letter-keys>
      <TimeBar
        lanes={lanes}
        day={day}
        onDay={(next) => session().set({ day: next })}
        period={period}
        onPeriod={(next) => session().set({ period: next })}
        isFolded={isFolded || panels.isTimeFolded}
        isDrawn={isDrawn}
      />
    </section>
  )
}

function useRunLane(): Lane | null {
  const newest = useRuns().data?.find(isStarted)
  const details = useRun(newest?.id ?? null).data
  return useMemo(() => (details ? runLane(details) : null), [details])
}

/** The uppermost layer first. Datasets tell how much of each day is valid; of other layers only the days are known. */
function useLanes(): readonly Lane[] {
  const layers = useWorkspaceStore((state) => state.document.layers)
  // The map writes anew with each picture; lanes change with the layers only, so those are compared as text.
  const ids = useMapReadings(({ shown }) => [...new Set(shown.map(({ layer }) => layer.id))].reverse().join('\n'))
  const dated = useMemo(
    () =>
      ids.split('\n').flatMap((id) => {
        const drawn = useMapReadings.getState().shown.find(({ layer }) => layer.id === id)?.layer
        return drawn && Array.isArray(drawn.tiled.times) ? [drawn] : []
      }),
    [ids],
  )
  const names = dated.flatMap(({ id }) => datasetOf(layers.find((layer) => layer.id === id)) ?? []).join('\n')
  const coverages = useQueries({
    queries: names === '' ? [] : names.split('\n').map(coverageQuery),
    combine: dataOf,
  })
  return useMemo(() => {
    const byName = new Map(names.split('\n').map((name, i) => [name, coverages[i]]))
    const coverageOf = (id: string) => byName.get(datasetOf(layers.find((layer) => layer.id === id)) ?? '')
    return dated.map((layer) => laneOf(layer, coverageOf(layer.id)))
  }, [dated, coverages, layers, names])
}

const dataOf = (answers: readonly { readonly data: Coverage | undefined }[]) => answers.map(({ data }) => data)

const datasetOf = (layer: MapLayer | undefined): string | null =>
  layer?.source.of === 'dataset' ? layer.source.dataset : null

function laneOf({ id, name, tiled }: DrawnLayer, coverage: Coverage | undefined): Lane {
  const shares = new Map(coverage?.days.map((day, i) => [day, coverage.validShare[i]]))
  const twice = new Set(coverage?.duplicated)
  const days = (tiled.times as readonly Day[]).map((day) => ({
    day,
    share: shares.get(day) ?? 1,
    ...(twice.has(day) ? { mark: 'conflict' as const } : {}),
  }))
  return { id, name, days }
}
