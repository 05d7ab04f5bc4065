import { readFile, readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, extname, isAbsolute, join } from 'node:path'
import { Draft, LoamError, Recipe, faultLines, faultsOf, issueText } from '../../contract/index.ts'
import type { recipeEndpoints } from '../../contract/index.ts'
import {
  biplotOf,
  checkDraft,
  correlationOf,
  draftSources,
  foldsOfDraft,
  keptRows,
  measureOptimism,
  namesLacking,
  placesLeft,
  readDraftRows,
  scatterOf,
  sourcesList,
} from '../../engine/drafts/index.ts'
import type { DraftSources } from '../../engine/drafts/index.ts'
import { packageRoot, publishBytes } from '../../engine/files/index.ts'
import type { Routes } from '../routes.ts'
import type { ServerContext } from '../server-context.ts'

/** Rows of the target alone are cheap; enough to deal blocks as the run will. */
const foldRows = 200_000
const longestRecipe = 4e6

/** Recipes of published studies, see docs/studies.md. */
const studies = ['twente', 'northern-china', 'mongolia', 'peru', 'naqu']
const noSources = { datasets: new Map(), stations: new Map() }

export const recipeRoutes: Routes<typeof recipeEndpoints> = {
  recipeSources: (_input, context) => sourcesList(sourcesOf(context)),
  checkRecipe: ({ body }, context) => checkDraft(body.recipe, sourcesOf(context)),
  async shippedRecipes(_input, context) {
    const sources = context.openEngine ? sourcesOf(context) : noSources
    const folder = join(packageRoot(), 'resources', 'recipes')
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
    return Promise.all(
      names.map(async (name) => {
        const recipe = Draft.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
        return {
          id: name.replace(/\.json$/, ''),
          name: String(recipe.name ?? name),
          description: String(recipe.description ?? ''),
          line: /^.*?(?<!\bal)[.](?= |$)/.exec(String(recipe.description ?? ''))?.[0] ?? '',
          isStudy: studies.includes(name.replace(/\.json$/, '')),
          recipe,
          lacks: namesLacking(recipe, sources),
        }
      }),
    )
  },
  async importRecipe({ body: { path } }, context) {
    const sources = sourcesOf(context)
    requireWhole(path)
    const info = await stat(path).catch(() => null)
    if (!info?.isFile()) throw new LoamError('not_found', `There is no file ${path}. Choose another.`, { path })
    if (info.size > longestRecipe)
      throw new LoamError(
        'bad_recipe',
        `${path} has ${info.size} bytes, which is no recipe. Choose a recipe's JSON file.`,
        {
          path,
        },
      )
    const recipe = draftOf(await readFile(path, 'utf8'), path)
    return { recipe, check: checkDraft(recipe, sources) }
  },
  async exportRecipe({ body: { path, recipe } }, context) {
    context.engine()
    requireWhole(path)
    if (extname(path).toLowerCase() !== '.json')
      throw new LoamError(
        'not_allowed',
        `${path} does not end in .json. Recipes are JSON files; give it that ending.`,
        { path },
      )
    if (!(await stat(dirname(path)).catch(() => null))?.isDirectory())
      throw new LoamError('not_found', `There is no folder ${dirname(path)}. Choose another.`, { path })
    const text = `${JSON.stringify(recipe, null, 2)}\n`
    await publishBytes(path, text)
    return { path, bytes: Buffer.byteLength(text) }
  },
  async recipeFolds({ body, signal }, context) {
    const sources = sourcesOf(context)
    const recipe = wholeRecipe(body.recipe)
    const sample = await readDraftRows(recipe, sources, { rows: foldRows, withPredictors: false }, { signal })
    const { trainingGrid, fineGrid } = checkDraft(body.recipe, sources)
    const isSameCrs = trainingGrid !== null && trainingGrid.crs === fineGrid?.crs
    return foldsOfDraft(recipe, sample, isSameCrs ? trainingGrid.transform[1] : 0, body.crs)
  },
  optimismGap({ body }, context) {
    const sources = sourcesOf(context)
    const recipe = wholeRecipe(body.recipe)
    return context.tasks.begin(`Optimism gap of ${recipe.name}`, ({ signal, report }) =>
      measureOptimism(
        recipe,
        sources,
        { rows: body.rows, threads: Math.max(1, availableParallelism() - 1) },
        { signal, report: (doing, done, total) => report({ doing, done, total }) },
      ),
    )
  },
  async sampleCorrelation({ body, signal }, context) {
    const sample = await sampleOf(body, context, signal)
    return correlationOf(sample, keptRows(sample, body.filter).kept)
  },
  async sampleScatter({ body, signal }, context) {
    const sample = await sampleOf(body, context, signal)
    return scatterOf(sample, body, keptRows(sample, body.filter).kept)
  },
  async sampleComponents({ body, signal }, context) {
    const sample = await sampleOf(body, context, signal)
    return biplotOf(sample, keptRows(sample, body.filter).kept)
  },
  async samplePlaces({ body, signal }, context) {
    const sample = await sampleOf(body, context, signal)
    const { kept, ignored } = keptRows(sample, body.filter)
    return { ignored, places: placesLeft(sample.table, kept, body.crs) }
  },
}

function sampleOf(body: { recipe: Draft; rows: number }, context: ServerContext, signal: AbortSignal) {
  const { rows } = body
  return readDraftRows(wholeRecipe(body.recipe), sourcesOf(context), { rows, withPredictors: true }, { signal })
}

function sourcesOf(context: ServerContext): DraftSources {
  const { project } = context.engine()
  return draftSources(project, project.workspace().document.removed)
}

/** @throws bad_recipe with every fault */
function wholeRecipe(draft: Draft): Recipe {
  const found = Recipe.safeParse(draft, { error: issueText })
  if (found.success) return found.data
  const faults = faultsOf(found.error)
  throw new LoamError('bad_recipe', `The recipe is not whole yet:\n${faultLines(faults)}`, { faults })
}

function draftOf(text: string, path: string): Draft {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    throw new LoamError(
      'bad_recipe',
      `${path} is not JSON: ${(thrown as Error).message}. Mend the text at that place.`,
      {
        path,
      },
    )
  }
  const found = Draft.safeParse(value)
  if (found.success) return found.data
  throw new LoamError('bad_recipe', `${path} holds no object in { }, which a recipe is. Choose a recipe's JSON file.`, {
    path,
  })
}

function requireWhole(path: string): void {
  if (!isAbsolute(path))
    throw new LoamError('bad_input', `${path} is not a whole path. Give the path from the top of the drive.`, { path })
}
