import { readFile, stat } from 'node:fs/promises'
import { LoamError, ProductPeriod, parseRecipe } from '../../contract/index.ts'
import type { Period, Recipe } from '../../contract/index.ts'
import { Engine, withDates } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { followRun, powerOf, powerOptions, tellOutcome } from '../follow-run.ts'
import { size } from '../output.ts'

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
    const power = powerOf(options)
    const engine = await Engine.open(project, 'write')
    try {
      const run = await engine.plan(recipe)
      context.output.note(`Run ${run.id}: ${recipe.name}`)
      if (options.estimate) {
        const estimate = await engine.estimate(run.id, power)
        followRun.tellEstimate(estimate, context.output, true)
        return context.output.note(`It is planned, not begun: loam resume "${project}" ${run.id}`)
      }
      const outcome = await engine.run(run.id, power, followRun.hooks(context))
      tellOutcome(outcome, context.output)
    } finally {
      await engine.close()
    }
  },
}

const longestRecipe = 4e6

/** A recipe file with the dates of the command line in it. */
export async function readRecipe(file: string, dates: string | undefined): Promise<Recipe> {
  const found = await stat(file).catch(() => null)
  if (!found)
    throw new LoamError('not_found', `${file} is not there. Give the path of a recipe, a JSON file.`, { file })
  if (!found.isFile() || found.size > longestRecipe)
    throw new LoamError(
      'bad_recipe',
      `${file} is ${found.isFile() ? `${size(found.size)} long` : 'not a file'}. Give the path of a recipe, a JSON file of at most ${size(longestRecipe)}.`,
      { file },
    )
  const text = await readFile(file, 'utf8')
  return withDates(parseRecipe(text, file), dates === undefined ? undefined : parseDates(dates))
}

function parseDates(text: string): Period {
  const [from, to = from, ...more] = text.split('..')
  const period = ProductPeriod.safeParse({ from, to })
  if (period.success && more.length === 0) return period.data
  const why = more.length > 0 ? 'it has more than two dates' : period.error?.issues[0].message
  throw new LoamError('usage', `--dates "${text}": ${why}. Write two dates, 2018-07-01..2018-07-31, or one.`)
}
