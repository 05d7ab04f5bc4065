import { stat } from 'node:fs/promises'
import type { RelinkResult } from '../contract/index.ts'
import { relinkReport } from '../engine/project/index.ts'
import type { LocatedDataset } from '../engine/project/index.ts'
import type { ProjectService, ServerContext } from './server-context.ts'

/** What the last trial found, by the folder it looked in. */
const trials: ProjectService<Map<string, readonly LocatedDataset[]>> = {
  open: () => new Map(),
  close: (kept) => kept.clear(),
}

/** Looks for moved files in a folder. A trial only tells; what it found is taken down when the same folder is asked for again. */
export async function relink(
  context: ServerContext,
  { folder, isTrial }: { readonly folder: string; readonly isTrial: boolean },
  signal: AbortSignal,
): Promise<RelinkResult> {
  const { project } = context.engine()
  const kept = context.service(trials)
  const before = kept.get(folder)
  kept.clear()
  const located = !isTrial && before && (await isAsFound(before)) ? before : await project.locate(folder, signal)
  if (isTrial) kept.set(folder, located)
  else {
    project.takeLocated(located)
    context.events.tell({ type: 'catalog' })
  }
  return relinkReport(located)
}

/** Whether every file that was found is still as long and as old: then its contents need not be read again. */
async function isAsFound(located: readonly LocatedDataset[]): Promise<boolean> {
  const found = located.flatMap(({ changed }) => [...changed.values()])
  const states = await Promise.all(found.map(({ path }) => stat(path).catch(() => null)))
  return found.every(({ bytes, modifiedMs }, i) => {
    const now = states[i]
    return now !== null && now.size === bytes && now.mtimeMs === modifiedMs
  })
}
