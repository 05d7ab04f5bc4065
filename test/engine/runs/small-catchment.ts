import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, parseRecipe } from '../../../main/contract/index.ts'
import type { Day, Recipe } from '../../../main/contract/index.ts'
import { Engine, withDates } from '../../../main/engine/engine.ts'
import { generateVirtualCatchment, virtualCatchmentSources } from '../../../main/engine/virtual-catchment/index.ts'

export interface SmallCatchment {
  /** With `catchment/` and the project's file. */
  readonly folder: string
  readonly firstDay: Day
  /** The sample's recipe for this many days from the first on. */
  readonly recipeOf: (days: number) => Recipe
  /** A copy of the project, for one test, of the same sources. @returns the path of its file */
  readonly copyOf: (name: string) => string
  readonly remove: () => void
}

/** A small synthetic catchment and a project of its data.
 *  @param world side of the fine grid in cells of 10 m, days, seed */
export async function smallCatchment(world: { size: number; days: number; seed: number }): Promise<SmallCatchment> {
  const folder = mkdtempSync(join(tmpdir(), 'loam-catchment-'))
  const catchment = join(folder, 'catchment')
  const { firstDay } = await generateVirtualCatchment(catchment, world)
  const engine = await Engine.create(join(folder, 'p.loam'))
  const { rasters, stations } = virtualCatchmentSources(catchment)
  for (const raster of rasters) await engine.addRasters(raster)
  for (const table of stations) await engine.addStations(table)
  await engine.close()
  const path = 'resources/recipes/virtual-catchment.json'
  const whole = parseRecipe(readFileSync(path, 'utf8'), path)
  return {
    folder,
    firstDay,
    recipeOf: (days) => withDates(whole, { from: firstDay, to: addDays(firstDay, days - 1) }),
    copyOf(name) {
      const copy = join(folder, `${name}.loam`)
      cpSync(join(folder, 'p.loam'), copy)
      return copy
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
