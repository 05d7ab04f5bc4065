import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LoamError } from '../contract/index.ts'
import { packageRoot } from '../engine/files/index.ts'

/** Where the built page lies. @throws internal when it was not built */
export function pageFolder(): string {
  const folder = join(packageRoot(), 'out', 'renderer')
  if (existsSync(join(folder, 'index.html'))) return folder
  throw new LoamError('internal', `${folder} holds no page. Run \`npm run setup\` and try again.`, { path: folder })
}
