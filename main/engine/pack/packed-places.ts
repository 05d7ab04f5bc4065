import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../project/index.ts'
import { readPlan, writePlaces } from '../runs/index.ts'
import type { PackedFile } from './packed-file.ts'
import { runPlace } from './plan-pack.ts'

/** Says beside the plan of each packed run where the pack holds its inputs. It is set anew when they move again, so the crate does not
 *  list it. */
export async function writePackedPlaces(project: Project, pack: string, packed: readonly PackedFile[]): Promise<void> {
  const copies = new Map(packed.flatMap(({ sha256, to }) => (sha256 === null ? [] : [[sha256, to]])))
  for (const { id, folder } of project.runs()) {
    const plan = await readPlan(folder).catch(() => null)
    const files = []
    for (const file of plan?.datasets.flatMap((dataset) => dataset.files) ?? []) {
      const to = copies.get(file.sha256)
      if (to === undefined) continue
      const path = join(pack, ...to.split('/'))
      files.push({ ...file, path, modifiedMs: (await stat(path)).mtimeMs })
    }
    if (files.length > 0) await writePlaces(join(pack, runPlace(project, id)), files)
  }
}
