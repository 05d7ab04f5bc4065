import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, say } from './progress.mjs'
import { modules } from './places.mjs'

const patienceMs = 180_000

/** The Electron program, downloaded when it is not there.
 *  @returns {Promise<{ program: string | null, why: string }>} why there is none, as one line */
export async function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { program: null, why: 'There is no screen for a window here.' }
  const folder = `${modules}/electron`
  if (!existsSync(`${folder}/install.js`))
    return { program: null, why: 'No desktop window: Electron is not installed.' }
  const there = programOf(folder)
  if (there) return { program: there, why: '' }
  // Asks its download server at once; without a network it fails within a second, and nothing need be told but why.
  const telling = setTimeout(() => say('  … downloading Electron (about 120 MB, once)'), 3000)
  const status = await execute('electron', process.execPath, [`${folder}/install.js`], {
    mayFail: true,
    timeoutMs: patienceMs,
  })
  clearTimeout(telling)
  const program = status === 0 ? programOf(folder) : null
  const fault = status === 124 ? 'its download took too long' : 'its program could not be downloaded'
  return { program, why: program ? '' : `No desktop window: Electron is not there and ${fault}.` }
}

/** Electron tells the name of its program in path.txt; ELECTRON_OVERRIDE_DIST_PATH names a folder of one's own. */
function programOf(folder) {
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const names = `${folder}/path.txt`
  const name = existsSync(names)
    ? readFileSync(names, 'utf8')
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron'
  const program = join(own ?? join(folder, 'dist'), name)
  return existsSync(program) ? program : null
}
