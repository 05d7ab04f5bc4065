import { parseRecipe } from '../../contract/index.ts'
import type { RasterDataset } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { makePlan, planId } from '../runs/index.ts'
import type { PreviewSpec } from './layer-plan.ts'
import { projectSources } from '../runs/index.ts'

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
  const recipe = parseRecipe(JSON.stringify(whole), 'The draft')
  const sources = projectSources(project)
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
