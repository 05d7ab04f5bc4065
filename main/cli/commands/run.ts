import { readFile } from 'node:fs/promises'
import { LoamError, Period, parseRecipe } from '../../contract/index.ts'
import type { Recipe } from '../../contract/index.ts'
import { Engine, withDates } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { followRun, powerOf, powerOptions, tellOutcome } from '../follow-run.ts'

export const runCommand: CliCommand = {
  name: 'run',
  summary: 'compute a recipe: samples, model, cross-validation, daily maps, scores',
  declare: (command) =>
    powerOptions(
      command
        .argument('<project>')
        .argument('<recipe>', 'JSON file; examples lie in resources/recipes')
        .option('--dates <A..B>', "first and last date of the maps, instead of the recipe's")
        .option('--estimate', 'only say what it will take'),
    ),
  async run([project, file], options, context) {
    const recipe = await readRecipe(file, options.dates as string | undefined)
    const engine = await Engine.open(project, 'write')
    try {
      const run = await engine.plan(recipe)
      context.output.note(`Run ${run.id}: ${recipe.name}`)
      if (options.estimate) {
        const estimate = await engine.estimate(run.id, powerOf(options))
        return followRun.tellEstimate(estimate, context.output, true)
      }
      const outcome = await engine.run(run.id, powerOf(options), followRun.hooks(context))
      tellOutcome(outcome, context.output)
    } finally {
      await engine.close()
    }
  },
}

/** A recipe file with the dates of the command line in it. */
export async function readRecipe(file: string, dates: string | undefined): Promise<Recipe> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    throw new LoamError('not_found', `${file} is not there. Give the path of a recipe, a JSON file.`, { file })
  }
  return withDates(parseRecipe(text, file), dates === undefined ? undefined : parseDates(dates))
}

function parseDates(text: string): Period {
  const [from, to = from] = text.split('..')
  const period = Period.safeParse({ from, to })
  if (period.success) return period.data
  throw new LoamError('usage', `--dates "${text}" is no period. Write two dates, 2018-07-01..2018-07-31, or one.`)
}
