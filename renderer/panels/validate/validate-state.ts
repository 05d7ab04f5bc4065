import { useQuery } from '@tanstack/react-query'
import { create } from 'zustand'
import { endpoints } from '../../../main/contract/index.ts'
import type { RunSummary, Subject, ValidationSummary } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { useFilterQuery } from '../../state/chart-filter.ts'
import { session, useSession } from '../../state/session.ts'

interface ValidateState {
  readonly run: string | null
  readonly validation: string | null
  readonly subject: Subject
}

/** What the validation page shows; stations, dates and period are those of the whole window. */
export const useValidateState = create<ValidateState>(() => ({ run: null, validation: null, subject: 'fine' }))

const isFinished = ({ state }: RunSummary) => state === 'done' || state === 'done_with_warnings'

export function useFinishedRuns() {
  const runs = useQuery({ queryKey: ['runs'], queryFn: ({ signal }) => call(endpoints.listRuns, { signal }) })
  return { ...runs, data: runs.data?.filter(isFinished) }
}

/** The run that is looked at: the chosen one, else the newest that is finished. */
export function useValidatedRun(): RunSummary | undefined {
  const chosen = useValidateState((state) => state.run)
  const runs = useFinishedRuns().data
  return runs?.find(({ id }) => id === chosen) ?? runs?.[0]
}

export function useValidations(run: string | undefined) {
  return useQuery({
    queryKey: ['run', run, 'validations'],
    queryFn: ({ signal }) => call(endpoints.listValidations, { params: { run: run ?? '' }, signal }),
    enabled: run !== undefined,
  })
}

export function useFindings(run: string | undefined) {
  return useQuery({
    queryKey: ['run', run, 'findings'],
    queryFn: ({ signal }) => call(endpoints.runFindings, { params: { run: run ?? '' }, signal }),
    enabled: run !== undefined,
  })
}

/** The reference that is looked at: the chosen one, else the first. */
export function useValidation(run: string | undefined): ValidationSummary | undefined {
  const chosen = useValidateState((state) => state.validation)
  const all = useValidations(run).data
  return all?.find(({ name }) => name === chosen) ?? all?.[0]
}

/** The station that is selected in the window, if this reference has it. */
export function useSelectedStation(validation: ValidationSummary | undefined): string | null {
  const selection = useSession((state) => state.selection)
  if (selection.kind !== 'station') return null
  return validation?.stations.some(({ id }) => id === selection.station) ? selection.station : null
}

export function selectStation(validation: ValidationSummary, station: string | null): void {
  session().set({
    selection: station === null ? { kind: 'none' } : { kind: 'station', set: validation.reference, station },
  })
}

/** Pairs that pass what is brushed in the window, of all stations or of one. */
export function usePairs(run: string | undefined, validation: ValidationSummary | undefined, station: string | null) {
  const subject = useValidateState((state) => state.subject)
  const filter = useFilterQuery('pairs', validation?.reference ?? null, validation?.predictors ?? [])
  const body = { subject, ...(station ? { station } : {}), filter }
  const name = validation?.name ?? ''
  return useQuery({
    queryKey: ['run', run, 'pairs', name, body],
    queryFn: ({ signal }) =>
      call(endpoints.validationPairs, { params: { run: run ?? '', validation: name }, body, signal }),
    enabled: run !== undefined && validation !== undefined,
    placeholderData: (before) => before,
  })
}

/** Errors of the pairs that pass, by a predictor of the run. */
export function useErrorsByPredictor(run: string, validation: ValidationSummary, predictor: string) {
  const subject = useValidateState((state) => state.subject)
  const filter = useFilterQuery('pairs', validation.reference, validation.predictors)
  const body = { subject, predictor, filter }
  return useQuery({
    queryKey: ['run', run, 'groups', validation.name, body],
    queryFn: ({ signal }) =>
      call(endpoints.errorsByPredictor, { params: { run, validation: validation.name }, body, signal }),
    placeholderData: (before) => (before?.predictor === predictor ? before : undefined),
  })
}

export function useStationSeries(run: string | undefined, validation: string | undefined, station: string | null) {
  return useQuery({
    queryKey: ['run', run, 'series', validation, station],
    queryFn: ({ signal }) =>
      call(endpoints.stationComparison, {
        params: { run: run ?? '', validation: validation ?? '', station: station ?? '' },
        signal,
      }),
    enabled: run !== undefined && validation !== undefined && station !== null,
    placeholderData: (before) => before,
  })
}
