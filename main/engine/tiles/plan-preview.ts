import { parseRecipe } from '../../contract/index.ts'
import type { RasterDataset, Recipe } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { makePlan, planId, projectSources } from '../runs/index.ts'
import type { PlanSources } from '../runs/index.ts'
import type { PreviewSpec } from './layer-plan.ts'

/** Fixes what a preview is trained from, as a run's plan does.
 *  @param draft a recipe; name, version and the period of the maps may be missing, as they decide nothing here
 *  @throws bad_recipe; unknown_name, no_dates, … as for a run; source_missing, input_changed */
export async function planPreview(
  draft: Record<string, unknown>,
  rows: number,
  project: Project,
): Promise<PreviewSpec> {
  const product = draft.product !== null && typeof draft.product === 'object' ? draft.product : {}
  const period = { from: '2000-01-01', to: '2000-01-01' }
  const whole = { loam: 'recipe/1', name: 'preview', ...draft, product: { period, ...product }, validation: [] }
  const sources = projectSources(project)
  const recipe = withOwnTestPart(parseRecipe(JSON.stringify(whole), 'The draft'), sources)
  const places = { project: project.path, store: project.storeFolder, versions: {} }
  const { plan, inputs } = makePlan(recipe, sources, places)
  const datasets: RasterDataset[] = []
  for (const { name } of plan.datasets) datasets.push(await project.dataset(name))
  const ready = { ...plan, datasets }
  return {
    id: hashJson({ preview: 1, plan: planId(ready), rows }),
    plan: ready,
    stations: inputs.map((input) => ({ ...input, hash: sources.stations.get(input.set.name)!.hash })),
    rows,
  }
}

/** The recipe with what its test part holds of the target: stations of references alone have no training rows, and references are
 *  none of a preview's. */
function withOwnTestPart(recipe: Recipe, sources: PlanSources): Recipe {
  const { target, split } = recipe
  if (!split.test?.stations) return recipe
  const set = 'stations' in target ? sources.stations.get(target.stations)?.set : undefined
  const { stations, ...others } = split.test
  const own = stations.filter((id) => set?.stations.some((station) => station.id === id))
  const test = own.length > 0 ? { ...others, stations: own } : others
  return { ...recipe, split: { ...split, test: Object.keys(test).length > 0 ? test : undefined } }
}
