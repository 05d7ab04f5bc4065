import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { RasterDataset, Recipe } from '../../contract/index.ts'
import type { Project, RunRecord } from '../project/index.ts'
import { makePlan, projectSources, runFolder, writePlan } from '../runs/index.ts'
import { engineVersions } from './versions.ts'

/** Fixes a recipe's run: folder, plan, station inputs, record. Nothing is computed yet. */
export async function planRun(project: Project, recipe: Recipe): Promise<RunRecord> {
  const datasets = new Map<string, RasterDataset>()
  const wanted = JSON.stringify(recipe)
  // Files are looked for only where they are needed; the other names are there to be told.
  for (const { name } of project.datasets())
    datasets.set(name, wanted.includes(`"${name}`) ? await project.dataset(name) : project.storedDataset(name))
  const { stations } = projectSources(project)

  const id = project.nextRunId()
  const folder = runFolder(project.path, id)
  const versions = engineVersions()
  const store = project.storeFolder
  const { plan, inputs } = makePlan(recipe, { datasets, stations }, { project: project.path, store, versions })
  await mkdir(join(folder, 'inputs'), { recursive: true })
  await mkdir(join(store, 'parts'), { recursive: true })
  const { id: planId } = await writePlan(folder, plan, inputs)
  const recipeHash = project.putRecipe(recipe)
  return project.createRun({ id, recipeHash, planId, folder, versions })
}

/** Takes out a run that was planned and never started, with its folder.
 *  @throws conflict when it was started */
export async function discardRun(project: Project, id: string): Promise<void> {
  const { folder, startedAtMs } = project.run(id)
  if (startedAtMs !== null)
    throw new LoamError(
      'conflict',
      `Run ${id} was started, so its record stays. Only a planned run can be discarded.`,
      { run: id },
    )
  project.removeRun(id)
  await rm(folder, { recursive: true, force: true })
}
