import { mkdtempSync, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const out = fileURLToPath(new URL('../out/', import.meta.url))

/** A script of the tests as one plain file that `node` runs in a process of its own, packages left outside.
 *  @returns its path, and what removes it */
export async function bundleScript(script: string): Promise<{ path: string; remove(): Promise<void> }> {
  mkdirSync(out, { recursive: true })
  // Inside the repository, so that node finds the packages.
  const folder = mkdtempSync(join(out, 'test-'))
  const path = join(folder, `${basename(script, '.ts')}.mjs`)
  const build = await rolldown({ input: script, platform: 'node', external: /^[a-z@][^:]*$/, logLevel: 'silent' })
  await build.write({ file: path, format: 'esm' })
  await build.close()
  return { path, remove: () => rm(folder, { recursive: true, force: true }) }
}
