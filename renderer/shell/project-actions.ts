import { endpoints } from '../../main/contract/index.ts'
import type { ShippedRecipe } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { say, sayFault } from '../state/notices.ts'
import { workspaceSaved } from '../state/workspace.ts'
import { chooseFiles } from '../widgets/choose-files.ts'
import { openProjectSheet } from './NewProjectSheet.tsx'
import type { Drop } from './dropped.ts'

/** @param dropped what the project begins with */
export function startNewProject(dropped?: Drop): void {
  openProjectSheet('new', { dropped: dropped ?? null })
}

/** Asks for a project whose draft is a recipe that comes with Loam. */
export function startWithRecipe(recipe: ShippedRecipe): void {
  openProjectSheet('new', { recipe })
}

export function startSample(): void {
  openProjectSheet('sample')
}

/** Asks for a project file and opens it. */
export async function openProjectFile(): Promise<void> {
  const chosen = await chooseFiles({ title: 'Open project', kind: 'file', glob: '*.loam', action: 'Open project' })
  if (chosen) await openProject(chosen[0])
}

/** Opens a project file that was dropped in a browser. A browser does not tell where it lies, so the engine looks for it. */
export async function openDroppedProject({ name, size, lastModified }: File): Promise<void> {
  try {
    const body = { name, bytes: size, modifiedAtMs: lastModified }
    const found = await call(endpoints.findProject, { body })
    if (found.length === 1) return await openProject(found[0])
    const why =
      found.length === 0
        ? `${name} is not among the projects opened lately, nor in your home folder on the engine’s machine, and a browser does not tell where it lies.`
        : `${found.length} projects look like ${name}: ${found.join(', ')}.`
    say('warn', `${why} Open it by its place.`, { title: 'Open project …', run: () => void openProjectFile() })
  } catch (thrown) {
    sayFault(thrown)
  }
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
