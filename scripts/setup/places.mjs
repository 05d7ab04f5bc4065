import { dirname } from 'node:path'
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { availableParallelism } from 'node:os'

/** The repository's folder, without a slash at the end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
export const modules = `${root}/node_modules`
export const outFolder = `${root}/out`
export const bundleFolder = `${root}/out/main`
export const addonFolder = `${root}/main/native`
export const nodeGyp = `${modules}/node-gyp/bin/node-gyp.js`
export const cores = availableParallelism()

/** `--nodedir=…` for the headers of the Node that runs now, [] when it came without headers (node-gyp then fetches
 *  them). Settings of the user may name the headers of another Node, so they are never used. */
export function nodeHeaders() {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  return existsSync(`${prefix}/include/node/node_api.h`) ? [`--nodedir=${prefix}`] : []
}
