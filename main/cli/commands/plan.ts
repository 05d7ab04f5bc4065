import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { readRecipe } from './run.ts'

export const planCommand: CliCommand = {
  name: 'plan',
  summary: 'fix a run without computing it; prints the folder that `part` and `collect` take',
  declare: (command) =>
    command.argument('<project>').argument('<recipe>').option('--dates <A..B>', 'first and last date of the maps'),
  async run([project, file], options, { output }) {
    const recipe = await readRecipe(file, options.dates as string | undefined)
    const engine = await Engine.open(project, 'write')
    try {
      const run = await engine.plan(recipe)
      output.result(run.folder, { run: run.id, folder: run.folder, plan: run.planId })
    } finally {
      await engine.close()
    }
  },
}
