import { statfs } from 'node:fs/promises'
import { LoamError } from '../../contract/index.ts'

/** @param what is to be written, as a sentence begins with it; remedy: what to do besides freeing space
 *  @throws disk_full when the disk of a folder has fewer bytes than needed */
export async function requireRoom(
  folder: string,
  needed: number,
  { what, remedy }: { readonly what: string; readonly remedy: string },
): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (needed < free) return
  const size = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
  throw new LoamError(
    'disk_full',
    `${what} needs ${size(needed)}, ${size(free)} are free in ${folder}. Free some space, or ${remedy}.`,
    { path: folder },
  )
}
