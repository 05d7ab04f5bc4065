import { create } from 'zustand'
import type { RunEvent } from '../../main/contract/index.ts'
import { queryClient } from './query-client.ts'

type Progress = Extract<RunEvent, { event: 'progress' }>

/** Newest progress of runs under way, by run; told by events, so that lists need not be asked again for every tile. */
export const useRunProgress = create<{ readonly byRun: Readonly<Record<string, Progress>> }>(() => ({ byRun: {} }))

/** Takes in what an event told of a run. */
export function runEvent(run: string, event: RunEvent): void {
  if (event.event === 'progress') {
    useRunProgress.setState(({ byRun }) => ({ byRun: { ...byRun, [run]: event } }))
    return
  }
  if (event.event === 'state' && event.state !== 'running' && event.state !== 'waiting')
    useRunProgress.setState(({ byRun: { [run]: _ended, ...rest } }) => ({ byRun: rest }))
  void queryClient.invalidateQueries({ queryKey: ['runs'] })
  // What a finished run made is drawn and scored anew.
  if (event.event === 'state' || event.event === 'step') void queryClient.invalidateQueries({ queryKey: ['run', run] })
}

/** Ids of the runs that are under way. */
export function useLiveRuns(): string[] {
  return Object.keys(useRunProgress((state) => state.byRun))
}
