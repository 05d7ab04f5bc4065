import { useMemo } from 'react'
import type { DatasetRow, StationSetRow } from '../../main/contract/index.ts'
import { useDatasets } from '../api/datasets.ts'
import { useHello } from '../api/hello.ts'
import { useStationSets } from '../api/stations.ts'
import { useWorkspaceStore } from './workspace.ts'

export interface Sources {
  readonly datasets: readonly DatasetRow[]
  readonly stationSets: readonly StationSetRow[]
  readonly isLoading: boolean
  readonly isFetching: boolean
  readonly error: unknown
  readonly retry: () => void
}

/** Datasets and station sets of the project, without those that were taken out. */
export function useSources(): Sources {
  const hasProject = Boolean(useHello().data?.project)
  const datasets = useDatasets(hasProject)
  const sets = useStationSets(hasProject)
  const removed = useWorkspaceStore((state) => state.document.removed)
  const present = useMemo(
    () => ({
      datasets: (datasets.data ?? []).filter(({ name }) => !removed.datasets.includes(name)),
      stationSets: (sets.data ?? []).filter(({ name }) => !removed.stationSets.includes(name)),
    }),
    [datasets.data, sets.data, removed],
  )
  return {
    ...present,
    isLoading: datasets.isLoading || sets.isLoading,
    isFetching: datasets.isFetching || sets.isFetching,
    error: datasets.error ?? sets.error,
    retry: () => {
      void datasets.refetch()
      void sets.refetch()
    },
  }
}
