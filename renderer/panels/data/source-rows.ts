import { useMemo } from 'react'
import type { DatasetRow, SourceRole, StationSetRow } from '../../../main/contract/index.ts'
import { useSession } from '../../state/session.ts'
import { useSources } from '../../state/sources.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { isTargetSet, roleOf } from './roles.ts'

/** A dataset or station set as lists and the table show it. */
export interface SourceRow {
  readonly id: string
  readonly name: string
  readonly role: SourceRole
  readonly unit: string
  /** `10 m`, or the number of stations. */
  readonly grid: string
  readonly firstDay: string | null
  readonly lastDay: string | null
  readonly days: number | null
  readonly validShare: number | null
  readonly bytes: number | null
  /** Moved files; what the import doubted. */
  readonly missingFiles: number
  readonly notes: number
  readonly isTargetSet: boolean
  readonly dataset: DatasetRow | null
  readonly stationSet: StationSetRow | null
}

/** All sources, filtered by the text of the place's search. */
export function useSourceRows() {
  const sources = useSources()
  const { datasets, stationSets } = sources
  const document = useWorkspaceStore((state) => state.document)
  const filter = useSession((state) => state.filter.data ?? '').toLowerCase()
  const all = useMemo(
    () => [
      ...datasets.map((dataset): SourceRow => datasetRow(dataset, roleOf(dataset.name, document))),
      ...stationSets.map((set) => stationRow(set, isTargetSet(set.name, document))),
    ],
    [datasets, stationSets, document],
  )
  const rows = useMemo(() => all.filter(({ name }) => name.toLowerCase().includes(filter)), [all, filter])
  return { rows, all, sources }
}

function datasetRow(dataset: DatasetRow, role: SourceRole): SourceRow {
  const { name, variables, cellText, firstDay, lastDay, days, validShare, bytes, missingFiles, notes } = dataset
  return {
    id: `d ${name}`,
    name,
    role,
    unit: [...new Set(variables.map(({ unit }) => unit))].join(', '),
    grid: cellText,
    firstDay,
    lastDay,
    days: days === 0 ? null : days,
    validShare,
    bytes,
    missingFiles,
    notes,
    isTargetSet: false,
    dataset,
    stationSet: null,
  }
}

function stationRow(stationSet: StationSetRow, isTarget: boolean): SourceRow {
  const { name, variables, stations, firstDay, lastDay } = stationSet
  return {
    id: `s ${name}`,
    name,
    role: 'stations',
    unit: [...new Set(variables.map(({ unit }) => unit))].slice(0, 3).join(', '),
    grid: `${stations} ${stations === 1 ? 'station' : 'stations'}`,
    firstDay,
    lastDay,
    days: null,
    validShare: null,
    bytes: null,
    missingFiles: 0,
    notes: stationSet.hasPlaces ? 0 : 1,
    isTargetSet: isTarget,
    dataset: null,
    stationSet,
  }
}

/** The selected source's row id; null when something else is selected. */
export function useSelectedSource(): string | null {
  return useSession(({ selection }) =>
    selection.kind === 'dataset'
      ? `d ${selection.name}`
      : selection.kind === 'stationSet'
        ? `s ${selection.name}`
        : selection.kind === 'station'
          ? `s ${selection.set}`
          : null,
  )
}
