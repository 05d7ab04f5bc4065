import type { SourceRole } from '../../../main/contract/index.ts'
import { say } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { useRenaming } from './data-panel.ts'
import { addToMap } from './add-to-map.ts'
import { setRole, setStationTarget, takeOut } from './roles.ts'
import type { SourceRow } from './source-rows.ts'

export function selectSource({ name, dataset }: SourceRow): void {
  session().set({ selection: dataset ? { kind: 'dataset', name } : { kind: 'stationSet', name } })
}

/** Gives a source a part. Stations can be the target, and keep being stations. */
export function assignRole(row: SourceRow, role: SourceRole): void {
  if (row.dataset) setRole(row.dataset, role)
  else if (row.stationSet && role === 'target') setStationTarget(row.stationSet)
  else
    say(
      'info',
      'Stations are a target or validate a map; they are no predictor. Krige them into a field (Ctrl+D) first.',
    )
}

export function showOnMap({ dataset }: SourceRow): void {
  if (dataset) addToMap(dataset.name, dataset.variables[0], dataset.variables.length === 1)
}

export function removeSource({ name, dataset }: SourceRow): void {
  takeOut([name], dataset ? 'datasets' : 'stationSets')
  session().set({ selection: { kind: 'none' } })
}

/** Keys of lists and table: T target, P predictor, M mask, U unassigned, F2 renames, Del takes out. @returns whether it was one of them */
export function sourceKey(key: string, row: SourceRow): boolean {
  const roles: Record<string, SourceRole> = { t: 'target', p: 'predictor', m: 'mask', u: 'unassigned' }
  const role = roles[key.toLowerCase()]
  if (role) assignRole(row, role)
  else if (key === 'Delete') removeSource(row)
  else if (key === 'F2' && row.dataset) useRenaming.setState({ dataset: row.name })
  else return false
  return true
}
