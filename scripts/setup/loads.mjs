import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { addonFolder, root } from './places.mjs'
import { childEnvironment } from './progress.mjs'

/** Path of the built addon, null when there is none. */
export function addonFile() {
  const folder = `${addonFolder}/build/Release`
  const name = existsSync(folder) ? readdirSync(folder).find((file) => file.endsWith('.node')) : undefined
  return name ? `${folder}/${name}` : null
}

// In a child, because a binary for another Node can end the process that loads it.
const program = `
const { createRequire } = require('node:module')
const load = createRequire(process.argv[1] + '/package.json')
const found = {}
for (const [name, work] of Object.entries({
  gdal: () => load('gdal-async').version,
  sqlite: () => { const db = new (load('better-sqlite3'))(':memory:'); return db.prepare('select sqlite_version() as v').get().v },
  addon: () => { const addon = load(process.argv[2]); return typeof addon.version === 'function' ? String(addon.version()) : 'ok' },
})) {
  if (name === 'addon' && !process.argv[2]) continue
  try { found[name] = { version: work() } } catch (fault) { found[name] = { fault: String(fault.message).replace(/\\s+/g, ' ').slice(0, 240) } }
  require('node:fs').writeSync(1, JSON.stringify({ [name]: found[name] }) + '\\n')
}`

/** Loads the native parts in a fresh process of this Node.
 *  @returns gdal, sqlite, addon: `{version}` or `{fault}` */
export function tryLoading() {
  const child = spawnSync(process.execPath, ['-e', program, root, addonFile() ?? ''], {
    env: childEnvironment(),
    encoding: 'utf8',
    timeout: 60_000,
  })
  const found = { gdal: null, sqlite: null, addon: null }
  for (const line of child.stdout.split('\n').filter((text) => text.startsWith('{')))
    Object.assign(found, JSON.parse(line))
  const silent = { fault: `the process that loads it ended with ${child.signal ?? child.status}` }
  return {
    gdal: found.gdal ?? silent,
    sqlite: found.sqlite ?? silent,
    addon: found.addon ?? (addonFile() ? silent : { fault: 'not built yet' }),
  }
}
