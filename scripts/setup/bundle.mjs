import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { bundleFolder, modules, outFolder, root } from './places.mjs'
import { execute, SetupError, step } from './progress.mjs'
import { filesBelow, hashOfFiles } from './sources.mjs'

const stampPath = `${bundleFolder}/.sources.sha256`
const lockPath = `${outFolder}/.building`

function sourcesHash() {
  const places = ['main', 'preload', 'renderer', 'electron.vite.config.ts', 'package.json']
  return hashOfFiles(filesBelow(places, (path) => /\.(ts|tsx|css|html|json)$/.test(path)))
}

/** True when out/main was made from the present sources. */
export function bundleIsFresh() {
  return existsSync(stampPath) && readFileSync(stampPath, 'utf8') === sourcesHash()
}

/** Bundles the TypeScript into out/main when it changed. Many `loam part` may start at once: one builds, the others
 *  wait for it. */
export async function makeBundle() {
  if (bundleIsFresh()) return
  await holdingLock(async () => {
    if (bundleIsFresh()) return
    const hash = sourcesHash()
    await step('bundling the TypeScript', 'about 2 s', () =>
      execute(
        'bundle',
        process.execPath,
        [`${modules}/electron-vite/bin/electron-vite.js`, 'build', '--ignoreConfigWarning', '--logLevel', 'warn'],
        { cwd: root, remedy: 'Mend the TypeScript the log points at (npm run typecheck).' },
      ),
    )
    writeFileSync(stampPath, hash)
  })
}

async function holdingLock(work) {
  mkdirSync(outFolder, { recursive: true })
  const giveUpAt = Date.now() + 120_000
  for (;;) {
    try {
      mkdirSync(lockPath)
      break
    } catch (fault) {
      if (fault.code !== 'EEXIST') throw fault
    }
    // A builder that was killed leaves the folder behind; no bundle takes a minute.
    const held = statSync(lockPath, { throwIfNoEntry: false })
    if (held && Date.now() - held.mtimeMs > 60_000) rmSync(lockPath, { recursive: true, force: true })
    if (Date.now() > giveUpAt)
      throw new SetupError('another process has been bundling for two minutes', `Remove ${lockPath}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    await work()
  } finally {
    rmSync(lockPath, { recursive: true, force: true })
  }
}
