import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LoamError } from '../../contract/index.ts'

/** Path of the built script of a child process, from the sources or from the bundle alike.
 *  @param name of the entry in `electron.vite.config.ts`, such as `worker-process`
 *  @throws internal when it was not built */
export function childEntry(name: string): string {
  const path = join(packageRoot(), 'out', 'main', `${name}.js`)
  if (existsSync(path)) return path
  throw new LoamError('internal', `${path} is not built. Run \`npm run setup\` and try again.`, { path })
}

/** The folder of Loam's own package.json. */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'loam') return folder
    if (folder === dirname(folder))
      throw new LoamError('internal', 'Loam cannot find its own package.json. Install it again.')
  }
}
