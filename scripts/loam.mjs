#!/usr/bin/env node
// The command line: makes the bundle when the sources changed, then runs it in this process.
import { existsSync } from 'node:fs'
import { bundleFolder, modules } from './setup/places.mjs'
import { bundleIsFresh } from './setup/bundle.mjs'

if (!bundleIsFresh()) {
  const { orSayWhy, setUp } = await import('./setup.mjs')
  const { makeBundle } = await import('./setup/bundle.mjs')
  await orSayWhy(existsSync(`${modules}/.package-lock.json`) ? makeBundle : setUp)
}
// npm starts scripts in the package's folder; paths are meant from where the user is.
if (process.env.npm_lifecycle_event === 'loam' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
process.setSourceMapsEnabled(true)
await import(`${bundleFolder}/cli.js`)
