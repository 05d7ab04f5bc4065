import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { addonFolder, cores, nodeGyp, nodeHeaders } from './places.mjs'
import { addonFile } from './loads.mjs'
import { execute, step } from './progress.mjs'
import { filesBelow, hashOfFiles } from './sources.mjs'
import { needPrograms } from './system-packages.mjs'

const stampPath = `${addonFolder}/build/loam-sources.sha256`

function sources() {
  return filesBelow(['main/native'], (path) => /\.(cc|cpp|c|hpp|hh|h|gyp|gypi)$/.test(path))
}

/** True when the addon was built from the present sources. It speaks N-API, so one build serves every Node. */
export function addonIsFresh() {
  const built = addonFile()
  if (!built) return false
  const files = sources()
  const hash = hashOfFiles(files)
  if (existsSync(stampPath)) return readFileSync(stampPath, 'utf8') === `${hash} ${process.platform} ${process.arch}`
  // Built by hand with node-gyp: accepted when it is younger than all its sources.
  const builtMs = statSync(built).mtimeMs
  return files.every((file) => statSync(file).mtimeMs < builtMs)
}

/** @param loads false when the present binary was refused by this Node */
export async function makeAddon(loads) {
  if (!existsSync(`${addonFolder}/binding.gyp`)) return
  if (loads && addonIsFresh()) return
  await needPrograms(['g++', 'make', 'python3'], "to build Loam's own C++")
  const hash = hashOfFiles(sources())
  const nodeGypRun = (name, args) =>
    execute(name, process.execPath, [nodeGyp, ...args, '-C', addonFolder, ...nodeHeaders()], {
      remedy: 'Mend the C++ the log points at.',
    })
  // Not `rebuild`, which begins by deleting: a failed build leaves the previous addon in place.
  await step("building Loam's own C++", 'about 10 s', async () => {
    await nodeGypRun('addon-configure', ['configure'])
    await nodeGypRun('addon-build', ['build', '-j', String(cores)])
  })
  writeFileSync(stampPath, `${hash} ${process.platform} ${process.arch}`)
}
