import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRecipe } from '../../main/contract/index.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { recordTinyFarm } from '../fronts/recorded-farm.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export interface FinishedFarm {
  /** With `sources/`. */
  readonly folder: string
  /** A copy of the project for one test. @returns the path of its file */
  copy(): string
  remove(): void
}

const recipe = { ...tinyRecipe, product: { ...tinyRecipe.product, intervals: [0.05, 0.95] } }
const validation = [{ name: 'probes', stations: 'probes', variable: 'sm', depth: [0.3, 0.3] }]

/** The tiny farm with its data, its recipe and one finished run, as the command line would leave it.
 *  @param validated held against its own probes at the other depth */
export function finishedFarm({ validated = false } = {}): Promise<FinishedFarm> {
  return makeFarm(async (engine) => {
    const { id } = await engine.plan(
      parseRecipe(JSON.stringify(validated ? { ...recipe, validation } : recipe), 'recipe.json'),
    )
    await engine.run(id, { workers: 1 }, { signal: new AbortController().signal, onEvent: () => {} })
  })
}

/** The tiny farm with its data and nothing made of them: two rasters, twelve probes at two depths, twenty days. */
export const farmData = (): Promise<FinishedFarm> => makeFarm(async () => {})

async function makeFarm(finish: (engine: Engine) => Promise<void>): Promise<FinishedFarm> {
  const folder = mkdtempSync(join(tmpdir(), 'loam-farm-'))
  const engine = await recordTinyFarm(folder)
  try {
    await finish(engine)
  } finally {
    await engine.close()
  }
  return {
    folder,
    copy: () => {
      const copy = join(temporaryFolder(), 'farm')
      cpSync(folder, copy, { recursive: true, preserveTimestamps: true })
      return join(copy, 'farm.loam')
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
