import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'

/** Makes a file appear whole or not at all, and stay after a power cut: `write` fills a temporary file in the same
 *  folder, its bytes are forced to disk, it is renamed over `path`, and the folder entry is forced to disk too. An
 *  existing file at `path` stays untouched until the rename. When anything fails the temporary is removed and the
 *  failure is thrown on.
 *  @param write gets the temporary path `.<name>.<random>.tmp` and has closed the file when its promise resolves
 *  @throws disk_full, not_found (no such folder), io_failed; else whatever `write` throws */
export async function publish(path: string, write: (temporaryPath: string) => Promise<void>): Promise<void> {
  const target = resolve(path)
  const folder = dirname(target)
  const temporary = temporaryPathFor(target)
  try {
    await write(temporary)
    await syncFile(temporary)
    await rename(temporary, target)
    await syncFolder(folder)
  } catch (thrown) {
    await rm(temporary, { force: true, recursive: true }).catch(() => {
      // The first failure is the one to tell; what is left is swept by removeStaleTemporaries.
    })
    throw writingFault(target, thrown)
  }
}

/** `publish` for bytes, or a text as UTF-8, that are already in memory. */
export async function publishBytes(path: string, bytes: Uint8Array | string): Promise<void> {
  await publish(path, (temporary) => writeFile(temporary, bytes))
}

const temporaryPattern = /^\..+\.[0-9a-f]{16}\.tmp(\.[A-Za-z0-9.]+)?$/
const staleAfterMs = 24 * 3600 * 1000

/** Removes what a killed process left behind in a folder (not its subfolders): files named like `publish`'s temporaries.
 *  A younger one than `olderThanMs` (default a day) may belong to a living writer and stays; pass 0 where the caller
 *  holds the folder alone.
 *  @returns the names removed, sorted; empty when the folder does not exist */
export async function removeStaleTemporaries(folder: string, olderThanMs = staleAfterMs): Promise<string[]> {
  const names = await readdir(folder).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return []
    throw fault
  })
  const removed: string[] = []
  for (const name of names.filter((each) => temporaryPattern.test(each)).sort()) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (!found || Date.now() - found.mtimeMs < olderThanMs) continue
    await rm(path, { force: true, recursive: true })
    removed.push(name)
  }
  return removed
}

/** A new name beside `path` that `removeStaleTemporaries` knows: hidden, random, same folder so that a rename is atomic. */
export function temporaryPathFor(path: string): string {
  const target = resolve(path)
  return join(dirname(target), `.${basename(target)}.${randomBytes(8).toString('hex')}.tmp`)
}

/** Forces a file's bytes to disk. A full disk may show only here. */
export async function syncFile(path: string): Promise<void> {
  // Windows refuses to flush a handle opened for reading only.
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Forces a folder's entries to disk, so that a rename in it survives a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle for a folder and writes its entries through.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A system's refusal to write as a LoamError that names the file the user asked for; anything else unchanged. */
export function writingFault(path: string, thrown: unknown): unknown {
  const code = (thrown as NodeJS.ErrnoException | null)?.code
  if (thrown instanceof LoamError || typeof code !== 'string') return thrown
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LoamError('disk_full', `The disk is full while writing ${path}. Free some space and resume.`, { path })
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new LoamError(
      'not_found',
      `${path} cannot be written because its folder ${dirname(path)} is not there. Make the folder, or choose another.`,
      { path },
    )
  if (code.startsWith('E') && !code.startsWith('ERR_'))
    return new LoamError(
      'io_failed',
      `${path} cannot be written: ${(thrown as Error).message}. Check the drive and its permissions.`,
      { path },
    )
  return thrown
}
