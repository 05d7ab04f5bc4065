import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseRecipe } from '../contract/index.ts'
import type { Recipe } from '../contract/index.ts'
import { Engine, withDates } from './engine.ts'
import { packageRoot } from './files/index.ts'
import { generateVirtualCatchment, virtualCatchmentSources } from './virtual-catchment/index.ts'

export interface SampleWorld {
  /** Side of the fine grid, cells of 10 m. */
  readonly size: number
  readonly days: number
  readonly seed: number
}

export interface SampleHooks {
  readonly signal: AbortSignal
  /** A part of the work, done of total. */
  readonly onProgress: (what: string, done: number, total: number) => void
  /** A sentence about what is finished. */
  readonly onNote: (line: string) => void
}

/** Makes the synthetic catchment in `<folder>/catchment` and the project `<folder>/virtual-catchment.loam` that holds it. What
 *  is there already is not made again.
 *  @returns the project, open for writing, and the recipe fitted to this world's size and days */
export async function makeSampleProject(
  folder: string,
  world: SampleWorld,
  { signal, onProgress, onNote }: SampleHooks,
): Promise<{ engine: Engine; recipe: Recipe }> {
  const place = resolve(folder)
  await mkdir(place, { recursive: true })
  const source = join(place, 'catchment')
  const made = await generateVirtualCatchment(source, {
    ...world,
    signal,
    onProgress: ({ what, done, total }) => onProgress(what, done, total),
  })
  onNote(`${source}${made.reused ? ' (was there)' : ''}`)

  const path = join(place, 'virtual-catchment.loam')
  const engine = existsSync(path)
    ? await Engine.open(path, 'write')
    : await Engine.create(path, 'Virtual catchment (synthetic)')
  try {
    const known = new Set([...engine.project.datasets(), ...engine.project.stationSets()].map(({ name }) => name))
    const { rasters, stations } = virtualCatchmentSources(source)
    const total = rasters.length + stations.length
    let done = 0
    for (const raster of rasters) {
      signal.throwIfAborted()
      onProgress(raster.name, done++, total)
      if (known.has(raster.name) && made.reused) continue
      const { variables, dateRule } = await engine.addRasters(raster, true)
      const names = variables.map(({ name, unit }) => `${name}${unit ? ` [${unit}]` : ''}`)
      onNote(`${raster.name}: ${names.join(', ')}; ${dateRule}`)
    }
    for (const table of stations) {
      signal.throwIfAborted()
      onProgress(table.name, done++, total)
      if (known.has(table.name) && made.reused) continue
      const { set, observations } = await engine.addStations(table, true)
      onNote(`${table.name}: ${set.stations.length} stations, ${observations.value.length} observations`)
    }
    const recipePath = join(packageRoot(), 'resources', 'recipes', 'virtual-catchment.json')
    const written = parseRecipe(await readFile(recipePath, 'utf8'), recipePath)
    const [, cellSize] = made.fineGrid.transform
    const recipe = {
      ...withDates(written, { from: made.firstDay, to: made.lastDay }),
      // Five blocks along a side, whatever the size: folds by place need more blocks than folds.
      split: { ...written.split, blockSize: (made.fineGrid.cols * cellSize) / 5 },
    }
    return { engine, recipe }
  } catch (thrown) {
    await engine.close()
    throw thrown
  }
}
