import { isAbsolute } from 'node:path'
import { LoamError } from '../contract/index.ts'

/** The page has no folder of its own that a path could start from.
 *  @throws bad_input for a relative path */
export function requireWholePath(path: string): void {
  if (!isAbsolute(path))
    throw new LoamError('bad_input', `${path} is not a whole path. Give the path from the top of the drive.`, { path })
}
