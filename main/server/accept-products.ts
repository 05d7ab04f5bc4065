import { asLoamError, blankRecipe } from '../contract/index.ts'
import type {
  AcceptResult,
  MapLayer,
  RasterDataset,
  SourceRole,
  SurveyedProduct,
  Workspace,
} from '../contract/index.ts'
import { understandOptionsOf } from '../engine/catalog/index.ts'
import type { Engine } from '../engine/engine.ts'
import { workingCrs } from '../engine/grids/index.ts'
import { keepCoverage } from './coverage.ts'
import { mapService } from './map-service.ts'
import type { ServerContext } from './server-context.ts'
import type { Candidate, OpenSurvey } from './surveys.ts'
import type { TaskHooks } from './task-board.ts'

export interface Accepted {
  readonly id: string
  readonly name: string
  readonly role: SourceRole
  readonly replace: boolean
}

interface Added {
  readonly name: string
  readonly role: SourceRole
  readonly product: SurveyedProduct
}

/** Adds products to the project one after the other. One that fails does not stop the others. However it ends, what was added is
 *  one step that can be undone. */
export async function acceptProducts(
  survey: OpenSurvey,
  { products: wanted, layers }: { readonly products: readonly Accepted[]; readonly layers: readonly MapLayer[] },
  context: ServerContext,
  hooks: TaskHooks,
): Promise<AcceptResult> {
  const engine = context.engine()
  const added: Added[] = []
  const failed: { name: string; code: string; message: string }[] = []
  try {
    for (const [i, { id, name, role, replace }] of wanted.entries()) {
      hooks.signal.throwIfAborted()
      hooks.report({ doing: `Adding ${name}`, done: i, total: wanted.length })
      try {
        const candidate = survey.candidate(id)
        const isOut = isTakenOut(engine, name)
        await add(engine, survey, candidate, { name, replace: replace || isOut }, hooks)
        added.push({ name, role, product: candidate.product })
      } catch (thrown) {
        const fault = asLoamError(thrown)
        if (fault.code === 'cancelled' || hooks.signal.aborted) throw thrown
        failed.push({ name, code: fault.code, message: fault.message })
      }
    }
  } finally {
    if (added.length > 0) {
      record(engine, added, layers, context)
      void context.service(mapService).makeAhead()
    }
  }
  const isSet = ({ product }: Added): boolean => product.kind !== 'raster'
  return {
    datasets: added.filter((each) => !isSet(each)).map(({ name }) => name),
    stationSets: added.filter(isSet).map(({ name }) => name),
    failed,
  }
}

function isTakenOut({ project }: Engine, name: string): boolean {
  const { removed } = project.workspace().document
  return removed.datasets.includes(name) || removed.stationSets.includes(name)
}

async function add(
  engine: Engine,
  survey: OpenSurvey,
  candidate: Candidate,
  { name, replace }: { name: string; replace: boolean },
  { signal, report }: TaskHooks,
): Promise<void> {
  const { product, paths } = candidate
  if (product.kind === 'raster') {
    const settings = product.raster?.settings ?? {}
    const dataset = await engine.addRasters({ name, paths, ...understandOptionsOf(settings) }, replace, {
      describe: (path, cellsToSee) => survey.rasterFile(candidate, path, cellsToSee),
      signal,
      onProgress: (doing, done, total) => report({ doing: `${name}: ${doing.toLowerCase()}`, done, total }),
    })
    await keepCoverage(engine, dataset, (path) => candidate.seen.get(path)?.raster ?? null, product)
    return
  }
  if (product.stations?.format === 'ISMN') await engine.addStations({ format: 'ismn', name, path: paths[0] }, replace)
  else
    await engine.addStations(
      { format: 'table', name, path: [...paths], table: { ...product.stations?.settings, signal } },
      replace,
    )
}

function record(engine: Engine, added: readonly Added[], layers: readonly MapLayer[], context: ServerContext): void {
  const { project } = engine
  const datasets = added.filter(({ product }) => product.kind === 'raster').map(({ name }) => name)
  const stationSets = added.filter(({ product }) => product.kind !== 'raster').map(({ name }) => name)
  const label = added.length === 1 ? `Add ${added[0].name}` : `Add ${added.length} datasets`
  const stored = datasets.map((name) => project.storedDataset(name))
  const { revision } = project.addSources({
    label,
    datasets,
    stationSets,
    change: (document) => {
      const shown = layers.filter(({ source }) => source.of === 'dataset' && datasets.includes(source.dataset))
      const withLayers = { ...document, layers: [...shown, ...document.layers] }
      return withCrs(withRoles(withLayers, added, stored), stored, engine, stationSets)
    },
  })
  context.events.tell({ type: 'workspace', revision })
  context.events.tell({ type: 'catalog' })
}

/** Target, predictors and masks as the recipe in the making names them. A target that is there stays. */
export function withRoles(
  document: Workspace,
  added: readonly Pick<Added, 'name' | 'role'>[],
  stored: readonly RasterDataset[],
): Workspace {
  const recipe = { ...document.recipe }
  const predictors = { ...(recipe.predictors as Record<string, string> | undefined) }
  const masks = new Set(document.masks)
  for (const { name, role } of added) {
    const dataset = stored.find((each) => each.name === name)
    if (!dataset) continue
    if (role === 'mask') masks.add(name)
    if (role === 'target' && recipe.target === undefined) recipe.target = { raster: moistureVariable(dataset) }
    if (role === 'predictor')
      for (const variable of dataset.variables) {
        const single = dataset.variables.length === 1
        const own = recipeName(single ? name : `${name}_${variable.name}`)
        predictors[own] ??= single ? name : `${name}.${variable.name}`
      }
  }
  if (Object.keys(predictors).length > 0) recipe.predictors = predictors
  const isBegun = Object.keys(recipe).length > 0
  return { ...document, recipe: isBegun ? { ...blankRecipe, ...recipe } : recipe, masks: [...masks] }
}

function moistureVariable({ name, variables }: RasterDataset): string {
  if (variables.length === 1) return name
  const best =
    variables.find(({ unit }) => unit === 'm3 m-3') ??
    variables.find((variable) => /moist|sm/i.test(variable.name)) ??
    variables[0]
  return `${name}.${best.name}`
}

/** A name recipes can write. */
function recipeName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, '_')
  return /^[A-Za-z_]/.test(name) ? name : `p_${name}`
}

/** The first data settle the working CRS. */
function withCrs(
  document: Workspace,
  stored: readonly RasterDataset[],
  { project }: Engine,
  stationSets: readonly string[],
): Workspace {
  if (document.crs !== null) return document
  const sets = stationSets.map((name) => project.stationSet(name))
  const [best] = workingCrs(stored, sets)
  return best ? { ...document, crs: best.crs } : document
}
