import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseRecipe } from '../../contract/index.ts'
import { Engine, withDates } from '../../engine/engine.ts'
import { packageRoot } from '../../engine/files/index.ts'
import { generateVirtualCatchment, virtualCatchmentSources } from '../../engine/virtual-catchment/index.ts'
import type { CliCommand } from '../command.ts'
import { followRun, powerOf, powerOptions, positive, tellOutcome } from '../follow-run.ts'

export const demoCommand: CliCommand = {
  name: 'demo',
  summary: 'generate the synthetic virtual catchment and run it end to end',
  declare: (command) =>
    powerOptions(
      command
        .option('--folder <path>', 'where to put it', 'demo-data')
        .option('--size <cells>', 'side of the fine grid, cells of 10 m', '1000')
        .option('--days <n>', 'days of the series', '30')
        .option('--seed <n>', 'of the synthetic world', '2018'),
    ),
  async run(_args, options, context) {
    const { output, signal } = context
    const world = {
      size: positive('--size', options.size),
      days: positive('--days', options.days),
      seed: positive('--seed', options.seed),
    }
    const power = powerOf(options)
    const folder = resolve(options.folder as string)
    await mkdir(folder, { recursive: true })
    const source = join(folder, 'catchment')
    output.note('1 · The virtual catchment (synthetic: every number in it is made by a seeded program)')
    const made = await generateVirtualCatchment(source, {
      ...world,
      signal,
      onProgress: ({ what, done, total }) => output.progress(`  ${what}: ${done} of ${total}`),
    })
    output.note(`  ${source}${made.reused ? ' (was there)' : ''}`)

    const path = join(folder, 'virtual-catchment.loam')
    output.note(`2 · The project: ${path}`)
    const engine = existsSync(path)
      ? await Engine.open(path, 'write')
      : await Engine.create(path, 'Virtual catchment (synthetic)')
    try {
      const known = new Set([...engine.project.datasets(), ...engine.project.stationSets()].map(({ name }) => name))
      const { rasters, stations } = virtualCatchmentSources(source)
      for (const raster of rasters) {
        signal.throwIfAborted()
        if (known.has(raster.name) && made.reused) continue
        const dataset = await engine.addRasters(raster, true)
        output.note(
          `  ${raster.name}: ${dataset.variables.map(({ name, unit }) => `${name}${unit ? ` [${unit}]` : ''}`).join(', ')}; ${dataset.dateRule}`,
        )
      }
      for (const table of stations) {
        if (known.has(table.name) && made.reused) continue
        const { set, observations } = await engine.addStations(table, true)
        output.note(`  ${table.name}: ${set.stations.length} stations, ${observations.value.length} observations`)
      }
      const recipePath = join(packageRoot(), 'resources', 'recipes', 'virtual-catchment.json')
      const written = parseRecipe(await readFile(recipePath, 'utf8'), recipePath)
      // Five blocks along a side, whatever the size: folds by place need more blocks than folds.
      const [, cellSize] = made.fineGrid.transform
      const recipe = {
        ...withDates(written, { from: made.firstDay, to: made.lastDay }),
        split: { ...written.split, blockSize: (made.fineGrid.cols * cellSize) / 5 },
      }
      output.note(`3 · The run of resources/recipes/virtual-catchment.json`)
      const run = await engine.plan(recipe)
      tellOutcome(await engine.run(run.id, power, followRun.hooks(context)), output)
    } finally {
      await engine.close()
    }
  },
}
