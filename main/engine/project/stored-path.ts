import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/** A file's path as the project keeps it: relative to the project's folder, `/` between parts, so that a folder moved
 *  as a whole keeps working. Stays absolute only where no relative path exists (another Windows drive).
 *  @param folder absolute, symbolic links resolved */
export function toStored(folder: string, path: string): string {
  const written = relative(folder, resolve(path))
  // The same place reached through a link may lie inside the folder although it is not written so.
  const real = relative(folder, realPlace(path))
  const chosen = leadsOut(written) ? real : written
  return sep === '/' ? chosen : chosen.split(sep).join('/')
}

/** The absolute path of a stored one. */
export function fromStored(folder: string, stored: string): string {
  return resolve(folder, stored)
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)
}

/** The absolute path of a file, links among its folders resolved; the file itself need not be there. */
export function realPlace(path: string): string {
  const written = resolve(path)
  try {
    return join(realpathSync(dirname(written)), basename(written))
  } catch {
    // Its folder is not there (a record of a file that has gone): the path as written is all that is known.
    return written
  }
}
