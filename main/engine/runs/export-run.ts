import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { hashFile, requireRoom, syncFile, syncFolder, temporaryPathFor } from '../files/index.ts'
import { writeNetcdfMaps } from '../raster/index.ts'
import { planExport } from './plan-export.ts'
import type { ExportContents, PlannedFile } from './plan-export.ts'

export interface ExportChoice extends ExportContents {
  /** The new folder; the one it lies in exists. */
  readonly to: string
}

/** Writes what a run made into a new folder that appears whole or not at all: maps with their STAC items and styles, or as
 *  NetCDF-CF, and on request the model, the plan and the results. Every copy is compared with the hash the run recorded.
 *  @throws name_taken, not_found, disk_full; corrupt_part when a file is not what the run made; incomplete without results */
export async function exportRun(
  folder: string,
  { to, ...contents }: ExportChoice,
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
  const planned = await planExport(folder, contents)
  const bytes = planned.reduce((sum, file) => sum + file.bytes, 0)
  await requireRoom(dirname(target), bytes, { what: 'The export', remedy: 'choose fewer days' })

  const temporary = temporaryPathFor(target)
  try {
    await mkdir(temporary)
    for (const [i, file] of planned.entries()) {
      hooks.signal.throwIfAborted()
      hooks.onProgress(file.name, i, planned.length)
      await write(file, join(temporary, file.name), hooks.signal)
    }
    await syncFolder(temporary)
    await rename(temporary, target)
    await syncFolder(dirname(target))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return { folder: target, files: planned.length, bytes }
}

async function write({ of }: PlannedFile, path: string, signal: AbortSignal): Promise<void> {
  if ('netcdf' in of) return writeNetcdfMaps(path, of.netcdf, signal)
  if ('text' in of) await writeFile(path, of.text)
  else await copyFile(of.copy, path)
  await syncFile(path)
  if ('copy' in of && of.sha256 !== null && (await hashFile(path)) !== of.sha256)
    throw new LoamError(
      'corrupt_part',
      `${of.copy} is not what the run made: its content changed. Resume the run, which makes it anew, then export again.`,
      { path: of.copy },
    )
}
