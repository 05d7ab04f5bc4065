import { existsSync, readFileSync } from 'node:fs'
import { execute, step } from './progress.mjs'
import { modules, root } from './places.mjs'

/** True when node_modules holds what package-lock.json asks for. npm writes its own record of an install last, so an
 *  interrupted one is noticed too. Packages for other systems may be absent. */
export function packagesAreInstalled() {
  const recordPath = `${modules}/.package-lock.json`
  if (!existsSync(recordPath)) return false
  const installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')).packages
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '') continue
    const found = installed[place]
    if (!found && (entry.optional || entry.peer)) continue
    if (!found || found.version !== entry.version || found.integrity !== entry.integrity) return false
  }
  return Object.keys(installed).every((place) => place in wanted)
}

export async function installPackages() {
  if (packagesAreInstalled()) return
  await step('npm packages', 'npm ci, about 20 s', async () => {
    // No install scripts: the one of gdal-async would compile all of GDAL when its download fails.
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
    const npm = process.env.npm_execpath
    const [program, first] = npm && npm.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
    await execute('npm-ci', program, [...first, ...args], {
      remedy: 'Check that the package registry can be reached, then run this again.',
    })
  })
}
