import { delimiter, join } from 'node:path'

/** The Node that runs the engine. It is a plain Node, not Electron in disguise (ELECTRON_RUN_AS_NODE): gdal-async and better-sqlite3
 *  are built for one ABI, Electron has its own, and one runtime for command line, browser and desktop means one build of each.
 *  A packaged Loam carries it in its resources; `npm start` names the one it runs with; else the one on the path is taken.
 *  @param exists whether a file is there
 *  @returns its path, null when there is none */
export function engineRuntime(
  { env, platform, resourcesPath }: { env: NodeJS.ProcessEnv; platform: NodeJS.Platform; resourcesPath: string },
  exists: (path: string) => boolean,
): string | null {
  const name = platform === 'win32' ? 'node.exe' : 'node'
  const packaged = platform === 'win32' ? join(resourcesPath, 'node', name) : join(resourcesPath, 'node', 'bin', name)
  const onPath = (env.PATH ?? '').split(delimiter).flatMap((folder) => (folder ? [join(folder, name)] : []))
  return [env.LOAM_NODE, packaged, ...onPath].find((path): path is string => Boolean(path) && exists(path!)) ?? null
}
