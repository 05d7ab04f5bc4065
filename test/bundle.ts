import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const out = fileURLToPath(new URL('../out/', import.meta.url))

/** A script of the tests as one plain file that `node` runs in a process of its own, packages left outside.
 *  @returns its path, and what removes it */
export async function bundleScript(script: string): Promise<{ path: string; remove(): Promise<void> }> {
  mkdirSync(out, { recursive: true })
  // Inside the repository, so that node finds the packages.
  const folder = mkdtempSync(join(out, 'test-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: script,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'script.mjs' } },
    },
  })
  return { path: join(folder, 'script.mjs'), remove: () => rm(folder, { recursive: true, force: true }) }
}
