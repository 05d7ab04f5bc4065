import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { hashFile } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { PartStore } from '../runs/index.ts'

export interface StoreReport {
  readonly sound: number
  /** Files that are there and are not what was written. */
  readonly damaged: string[]
  /** Files of finished runs that are gone. */
  readonly missing: string[]
}

/** Reads every stored part and every file of a run and compares it with its hash. What is damaged is set aside as
 *  `<name>.corrupt`, so that resuming the run makes it anew. */
export async function checkStore(project: Project, signal?: AbortSignal): Promise<StoreReport> {
  const { checked, corrupt } = await new PartStore(project.storeFolder).check(signal)
  const damaged = corrupt.map((part) => part.path)
  const missing: string[] = []
  let sound = checked - corrupt.length
  for (const run of project.runs())
    for (const { path, hash } of project.artefacts(run.id)) {
      signal?.throwIfAborted()
      if (!existsSync(path)) missing.push(path)
      else if ((await hashFile(path)) === hash) sound++
      else {
        const aside = `${path}.corrupt`
        // On a write-protected medium it stays, and is told all the same.
        damaged.push(
          await rename(path, aside).then(
            () => aside,
            () => path,
          ),
        )
      }
    }
  return { sound, damaged, missing }
}
