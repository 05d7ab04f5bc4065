import { queryOptions, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import type { RunSummary } from '../../main/contract/index.ts'
import { call } from './client.ts'

const isUnderWay = (state: string | undefined): boolean =>
  state === 'running' || state === 'pausing' || state === 'cancelling'

/** All runs, the newest first. */
export function useRuns() {
  return useQuery({ queryKey: ['runs', 'list'], queryFn: ({ signal }) => call(endpoints.listRuns, { signal }) })
}

export function runQuery(run: string) {
  return queryOptions({
    queryKey: ['run', run, 'details'],
    queryFn: ({ signal }) => call(endpoints.showRun, { params: { run }, signal }),
  })
}

/** A run with its steps and days; asked again while it is under way, because days get done without an event of their own. */
export function useRun(run: string | null) {
  return useQuery({
    ...runQuery(run ?? ''),
    enabled: run !== null,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      isUnderWay(state.data?.state) ? 1500 : state.data?.state === 'waiting' ? 5000 : false,
  })
}

export function useRunFindings(run: RunSummary | undefined) {
  const isDone = run?.state === 'done' || run?.state === 'done_with_warnings'
  return useQuery({
    queryKey: ['run', run?.id, 'findings'],
    queryFn: ({ signal }) => call(endpoints.runFindings, { params: { run: run?.id ?? '' }, signal }),
    enabled: isDone,
  })
}

export function useRunProvenance(run: string | null) {
  return useQuery({
    queryKey: ['run', run, 'provenance'],
    queryFn: ({ signal }) => call(endpoints.runProvenance, { params: { run: run ?? '' }, signal }),
    enabled: run !== null,
  })
}

export function useRunLog(run: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['run', run, 'log'],
    queryFn: ({ signal }) => call(endpoints.runLog, { params: { run }, query: { after: -1 }, signal }),
    enabled: isWanted,
    staleTime: 0,
  })
}

export function useComparison(a: string | null, b: string | null) {
  return useQuery({
    queryKey: ['run', a, 'compare', b],
    queryFn: ({ signal }) => call(endpoints.compareRuns, { params: { run: a ?? '', other: b ?? '' }, signal }),
    enabled: a !== null && b !== null,
  })
}
