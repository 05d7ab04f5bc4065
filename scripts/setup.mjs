#!/usr/bin/env node
// Makes a fresh clone ready to run: npm packages, native parts, bundle. Built-ins only, so that it runs before any
// install; every part is skipped when its check passes, so running it again costs about a second.
import { pathToFileURL } from 'node:url'
import { installPackages } from './setup/packages.mjs'
import { tryLoading } from './setup/loads.mjs'
import { makeBindings } from './setup/bindings.mjs'
import { makeAddon } from './setup/addon.mjs'
import { makeBundle } from './setup/bundle.mjs'
import { say, secondsSince, SetupError } from './setup/progress.mjs'
import { needPrograms } from './setup/system-packages.mjs'

const oldestNode = [20, 19]

/** @param options.programs further system programs the caller needs, such as cmake for the kernel tests */
export async function setUp({ programs = [] } = {}) {
  const start = performance.now()
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new SetupError(
      `Node ${process.versions.node} found, Loam needs ${oldestNode.join('.')} or newer`,
      'Install a newer Node.',
    )
  say('Setting up Loam')
  if (programs.length > 0) await needPrograms(programs, 'by the tests')
  await installPackages()
  let found = tryLoading()
  await makeBindings(found)
  await makeAddon(Boolean(found.addon.version))
  await makeBundle()
  found = Object.values(found).every((part) => part.version) ? found : tryLoading()
  const faults = Object.entries(found).filter(([, part]) => !part.version)
  if (faults.length > 0)
    throw new SetupError(
      `still does not load: ${faults.map(([name, part]) => `${name} (${part.fault})`).join(', ')}`,
      'Delete node_modules and main/native/build, then run this again; if it stays, report the lines above.',
    )
  const parts = `Node ${process.versions.node}, GDAL ${found.gdal.version}, SQLite ${found.sqlite.version}, addon ${found.addon.version}`
  say(`Ready in ${secondsSince(start)}: ${parts}`)
}

/** Runs `work`; a SetupError ends the program with the log's tail, the fault and the remedy. */
export async function orSayWhy(work) {
  try {
    return await work()
  } catch (fault) {
    if (!(fault instanceof SetupError)) throw fault
    if (fault.log) say(`\n${fault.log}\n`)
    say(`Loam's setup stopped: ${fault.message}.`)
    if (fault.remedy) say(fault.remedy)
    process.exit(1)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await orSayWhy(() => setUp())
