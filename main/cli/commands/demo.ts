import { resolve } from 'node:path'
import { makeSampleProject } from '../../engine/sample-project.ts'
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
    output.note('1 · The virtual catchment (synthetic: every number in it is made by a seeded program) and its project')
    const { engine, recipe } = await makeSampleProject(resolve(options.folder as string), world, {
      signal,
      onProgress: (what, done, total) => output.progress(`  ${what}: ${done} of ${total}`),
      onNote: (line) => output.note(`  ${line}`),
    })
    try {
      output.note(`  ${engine.project.path}`)
      output.note('2 · The run of resources/recipes/virtual-catchment.json')
      const run = await engine.plan(recipe)
      tellOutcome(await engine.run(run.id, power, followRun.hooks(context)), output)
    } finally {
      await engine.close()
    }
  },
}
