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
process.setSourceMapsEnabled(true)
await import(`${bundleFolder}/cli.js`)
