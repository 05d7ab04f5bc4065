import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { recordTinyFarm } from '../fronts/recorded-farm.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testServer } from './server.ts'
import type { TestServer } from './server.ts'

export interface FarmServer extends TestServer {
  /** The project's file. */
  readonly project: string
  /** Where it lies, with `sources/`. */
  readonly folder: string
}

/** The tiny farm with its data recorded, once for a file of tests.
 *  @returns opens a server on a copy of it, for one test */
export function farmServers(): () => Promise<FarmServer> {
  let farm: string
  beforeAll(async () => {
    farm = mkdtempSync(join(tmpdir(), 'loam-farm-'))
    await (await recordTinyFarm(farm)).close()
  })
  afterAll(() => rmSync(farm, { recursive: true, force: true }))
  return async () => {
    const folder = join(temporaryFolder(), 'farm')
    cpSync(farm, folder, { recursive: true, preserveTimestamps: true })
    const project = join(folder, 'farm.loam')
    return { ...(await testServer(project)), project, folder }
  }
}
