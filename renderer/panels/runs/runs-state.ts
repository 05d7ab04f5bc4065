import { create } from 'zustand'
import type { Reproduction, RunDetails } from '../../../main/contract/index.ts'
import { useRuns } from '../../api/run-queries.ts'
import { useSession } from '../../state/session.ts'

export type RunFilter = 'all' | 'underWay' | 'done' | 'stopped'

interface RunsPlace {
  readonly filter: RunFilter
  /** The run that the shown one is compared with. */
  readonly compareWith: string | null
  readonly reproductions: Readonly<Record<string, Reproduction>>
  /** Task by run. */
  readonly reproducing: Readonly<Record<string, string>>
}

export const useRunsPlace = create<RunsPlace>(() => ({
  filter: 'all',
  compareWith: null,
  reproductions: {},
  reproducing: {},
}))

/** The run that was chosen, else the newest. */
export function useShownRun(): string | null {
  const selection = useSession((state) => state.selection)
  const runs = useRuns().data ?? []
  if (selection.kind === 'run' && runs.some(({ id }) => id === selection.run)) return selection.run
  return runs[0]?.id ?? null
}

/** The run whose maps are about to be exported. */
export const useExport = create<{ readonly run: RunDetails | null }>(() => ({ run: null }))
