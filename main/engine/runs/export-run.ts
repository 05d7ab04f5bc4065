import { copyFile, mkdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { hashFile, syncFile, syncFolder, temporaryPathFor } from '../files/index.ts'
import { readResults } from './write-results.ts'

export interface ExportChoice {
  /** The new folder; the one it lies in exists. */
  readonly to: string
  /** Default all. */
  readonly days?: readonly Day[]
  readonly layers?: readonly string[]
  /** The model, the plan and the results beside the maps. */
  readonly withModel: boolean
}

/** Copies what a run made into a new folder that appears whole or not at all: maps with their STAC items, and on request
 *  the model, the plan and the results. Every copy is compared with the hash the run recorded.
 *  @throws name_taken, not_found, disk_full; corrupt_part when a file is not what the run made; incomplete without results */
export async function exportRun(
  folder: string,
  { to, days, layers, withModel }: ExportChoice,
  hooks: { readonly signal: AbortSignal; readonly onProgress: (file: string, done: number, total: number) => void },
): Promise<{ folder: string; files: number; bytes: number }> {
  const target = resolve(to)
  if (await stat(target).catch(() => null))
    throw new LoamError('name_taken', `There is already ${target}. Choose another name for the export.`, {
      path: target,
    })
  if (!(await stat(dirname(target)).catch(() => null))?.isDirectory())
    throw new LoamError('not_found', `The folder ${dirname(target)} is not there. Make it, or choose another.`, {
      path: dirname(target),
    })
  const { files } = await readResults(folder)
  const maps = files.filter(
    ({ kind, day, layer = 'mean' }) =>
      kind === 'map' && (!days || days.includes(day!)) && (!layers || layers.includes(layer)),
  )
  const copies: { from: string; sha256: string | null }[] = maps.flatMap(({ path, sha256, layer }) => [
    { from: path, sha256 },
    ...(layer === undefined ? [{ from: path.replace(/\.tif$/, '.json'), sha256: null }] : []),
  ])
  if (withModel)
    for (const name of ['model.loammodel', 'plan.json', 'results.json'])
      copies.push({
        from: join(folder, name),
        sha256: files.find(({ path }) => basename(path) === name)?.sha256 ?? null,
      })
  await requireRoom(
    dirname(target),
    copies.map(({ from }) => from),
  )

  const temporary = temporaryPathFor(target)
  let bytes = 0
  try {
    await mkdir(temporary)
    for (const [i, { from, sha256 }] of copies.entries()) {
      hooks.signal.throwIfAborted()
      hooks.onProgress(basename(from), i, copies.length)
      const copy = join(temporary, basename(from))
      await copyFile(from, copy)
      await syncFile(copy)
      if (sha256 !== null && (await hashFile(copy)) !== sha256)
        throw new LoamError(
          'corrupt_part',
          `${from} is not what the run made: its content changed. Resume the run, which makes it anew, then export again.`,
          { path: from },
        )
      bytes += (await stat(copy)).size
    }
    await syncFolder(temporary)
    await rename(temporary, target)
    await syncFolder(dirname(target))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return { folder: target, files: copies.length, bytes }
}

async function requireRoom(folder: string, files: readonly string[]): Promise<void> {
  let needed = 0
  for (const file of files) needed += (await stat(file)).size
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (needed < free) return
  const size = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
  throw new LoamError(
    'disk_full',
    `The export needs ${size(needed)}, ${size(free)} are free in ${folder}. Free some space, or choose fewer days.`,
    { path: folder },
  )
}
