import { readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { recentProjects } from './recent-projects.ts'
import type { ServerContext } from './server-context.ts'

interface DroppedProject {
  /** File name, without a folder. */
  readonly name: string
  readonly bytes: number
  readonly modifiedAtMs: number
}

/** A browser's clock of files counts whole milliseconds. */
const sameTimeMs = 2

/** Project files of this machine with the name, size and time of one that was dropped in a browser, which keeps its path to itself.
 *  @returns absolute paths with links resolved; more than one when copies were made with their times */
export async function findDroppedProject(
  { name, bytes, modifiedAtMs }: DroppedProject,
  { configFolder, openEngine }: Pick<ServerContext, 'configFolder' | 'openEngine'>,
): Promise<string[]> {
  // What is given is a name; a path would let the page ask for any file.
  if (!name.endsWith('.loam') || /[\\/]/.test(name)) return []
  const known = [...(await recentProjects(configFolder)).map(({ path }) => path), openEngine?.project.path]
  const folders = new Set(known.flatMap((path) => (path ? [dirname(path), dirname(dirname(path))] : [])))
  for (const usual of ['', 'Desktop', 'Documents', 'Downloads', 'Loam']) folders.add(join(homedir(), usual))
  const found = new Set<string>()
  for (const folder of folders) {
    // A project usually lies in a folder of its own.
    const below = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const places = [folder, ...below.flatMap((each) => (each.isDirectory() ? [join(folder, each.name)] : []))]
    for (const place of places) {
      const path = join(place, name)
      const info = await stat(path).catch(() => null)
      if (info?.isFile() && info.size === bytes && Math.abs(info.mtimeMs - modifiedAtMs) <= sameTimeMs)
        found.add(await realpath(path))
    }
  }
  return [...found]
}
