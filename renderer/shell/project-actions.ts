import { endpoints } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { sayFault } from '../state/notices.ts'
import { workspaceSaved } from '../state/workspace.ts'
import { chooseFiles } from '../widgets/choose-files.ts'
import { openProjectSheet } from './NewProjectSheet.tsx'

export function startNewProject(): void {
  openProjectSheet('new')
}

export function startSample(): void {
  openProjectSheet('sample')
}

/** Asks for a project file and opens it. */
export async function openProjectFile(): Promise<void> {
  const chosen = await chooseFiles({ title: 'Open project', kind: 'file', glob: '*.loam', action: 'Open project' })
  if (chosen) await openProject(chosen[0])
}

/** Opens a project in place of the one that is open; for viewing only when somebody else has it open. */
export async function openProject(path: string): Promise<void> {
  try {
    await workspaceSaved()
    await call(endpoints.openProject, { body: { path, mode: 'auto' } })
    await queryClient.invalidateQueries()
  } catch (thrown) {
    sayFault(thrown)
  }
}

export async function closeProject(): Promise<void> {
  try {
    await workspaceSaved()
    await call(endpoints.closeProject, {})
    await queryClient.invalidateQueries()
  } catch (thrown) {
    sayFault(thrown)
  }
}
