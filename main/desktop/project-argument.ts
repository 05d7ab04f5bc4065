import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project that a start asks for: the last argument that names a `.loam` file.
 *  @param argv of the process, program and all; switches of Chromium may stand anywhere
 *  @param folder relative paths start there
 *  @returns its absolute path, null when none is named */
export function projectArgument(argv: readonly string[], folder: string): string | null {
  for (const argument of argv.slice(1).reverse()) {
    if (argument.startsWith('-')) continue
    const path = asPath(argument)
    if (path !== null && /\.loam$/i.test(path)) return isAbsolute(path) ? path : resolve(folder, path)
  }
  return null
}

/** File managers hand over paths or `file:` addresses. */
function asPath(argument: string): string | null {
  if (!argument.startsWith('file:')) return argument
  try {
    return fileURLToPath(argument)
  } catch {
    return null
  }
}
