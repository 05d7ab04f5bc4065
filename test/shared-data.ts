import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

const folder = fileURLToPath(new URL('../../shared/data', import.meta.url))

/** Absolute path of a file of the shared test data.
 *  @throws if the shared folder is there but the file is not */
export function sharedData(file: string): string {
  const path = `${folder}/${file}`
  if (existsSync(folder) && !existsSync(path))
    throw new Error(`the shared test data has no ${file}: restore it or mend the test`)
  return path
}

/** A group of tests on the shared real data; reported as skipped where the folder is absent, as in a user's clone. */
export function describeWithSharedData(name: string, tests: () => void): void {
  describe.skipIf(!existsSync(folder))(`${name} (shared data)`, tests)
}
