import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { PackReport, PackedData } from '../../contract/index.ts'
import { hashFile, requireRoom, syncFile, syncFolder, temporaryPathFor } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { methodsText, outsideText, provenanceCrate } from './pack-texts.ts'
import { planPack, runPlace } from './plan-pack.ts'
import { runInputs } from './run-inputs.ts'
import { writePackedPlaces } from './packed-places.ts'

/** Gathers a project into a new folder that works on another machine: the project file with paths into that folder, its data as far
 *  as wanted, its runs, an RO-Crate of what is in it, the methods in words, and a list of what stays outside. It appears whole or
 *  not at all; every file whose hash the project knows is compared with it.
 *  @throws name_taken, not_found, disk_full; input_changed for a file that is no longer what was added */
export async function packProject(
  project: Project,
  { to, data }: { readonly to: string; readonly data: PackedData },
  hooks: { readonly signal: AbortSignal; readonly onProgress: (file: string, done: number, total: number) => void },
): Promise<PackReport> {
  const target = resolve(to)
  if (await stat(target).catch(() => null))
    throw new LoamError('name_taken', `There is already ${target}. Choose another name for the pack.`, { path: target })
  if (!(await stat(dirname(target)).catch(() => null))?.isDirectory())
    throw new LoamError('not_found', `The folder ${dirname(target)} is not there. Make it, or choose another.`, {
      path: dirname(target),
    })
  const plan = await planPack(project, data)
  await requireRoom(dirname(target), plan.bytes + (await stat(project.path)).size, {
    what: 'The pack',
    remedy: 'pack less data',
  })

  const temporary = temporaryPathFor(target)
  try {
    await mkdir(temporary)
    const hashes = new Map<string, string>()
    for (const [i, file] of plan.files.entries()) {
      hooks.signal.throwIfAborted()
      hooks.onProgress(basename(file.from), i, plan.files.length)
      const copy = join(temporary, ...file.to.split('/'))
      await mkdir(dirname(copy), { recursive: true })
      await copyFile(file.from, copy)
      await syncFile(copy)
      const sha256 = await hashFile(copy)
      if (file.sha256 !== null && sha256 !== file.sha256)
        throw new LoamError(
          'input_changed',
          `${file.from} is no longer what the project knows: its contents changed. Put the old file back or add it anew, then pack again.`,
          { path: file.from },
        )
      hashes.set(file.to, sha256)
    }
    const places = new Map(plan.files.map(({ from, to: place }) => [from, place]))
    const own = join(temporary, basename(project.path))
    project.copyTo(own, { file: (path) => places.get(path) ?? null, run: (id) => runPlace(project, id) })
    await syncFile(own)
    hashes.set(basename(own), await hashFile(own))
    await writePackedPlaces(project, temporary, plan.files)
    const texts = {
      'methods.txt': await methodsText(project),
      'outside.txt': outsideText(plan.outside),
    }
    for (const [name, text] of Object.entries(texts)) await writeFile(join(temporary, name), text)
    const crate = await provenanceCrate(project, temporary, [...hashes], (await runInputs(project)).values())
    await writeFile(join(temporary, 'ro-crate-metadata.json'), crate)
    hooks.signal.throwIfAborted()
    await syncFolder(temporary)
    await rename(temporary, target)
    await syncFolder(dirname(target))
    const bytes = plan.bytes + (await stat(join(target, basename(project.path)))).size
    return { folder: target, files: hashes.size + Object.keys(texts).length + 1, bytes, outside: plan.outside }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
