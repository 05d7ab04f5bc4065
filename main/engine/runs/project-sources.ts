import type { RasterDataset } from '../../contract/index.ts'
import type { StationSource } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { toDaily } from '../stations/index.ts'
import type { DailyTable } from '../stations/index.ts'
import type { PlanSources } from './make-plan.ts'

/** Daily tables by content of their set: maps and forms ask for the same ones after every edit. */
const tables = new WeakMap<Project, Map<string, DailyTable>>()

/** All that expressions may name, as recorded; whether the files are still there is looked at later, for those in use. What a
 *  station set's hash is made of is decided here alone, so that runs, maps and previews share what they computed.
 *  @param removed names taken out of the workspace, left out */
export function projectSources(
  project: Project,
  removed: { readonly datasets: readonly string[]; readonly stationSets: readonly string[] } = nothing,
): PlanSources {
  const kept = tables.get(project) ?? new Map<string, DailyTable>()
  tables.set(project, kept)
  const datasets = new Map<string, RasterDataset>()
  for (const { name } of project.datasets())
    if (!removed.datasets.includes(name)) datasets.set(name, project.storedDataset(name))
  const stations = new Map<string, StationSource>()
  for (const { name, observationCount } of project.stationSets()) {
    if (removed.stationSets.includes(name)) continue
    const set = project.stationSet(name)
    const hash = hashJson({ set, n: observationCount })
    stations.set(name, {
      set,
      hash,
      daily(variable, depth) {
        const key = JSON.stringify([hash, variable, depth ?? null])
        const table = kept.get(key) ?? toDaily(set, project.observations(name), { variable, depth })
        kept.set(key, table)
        return table
      },
    })
  }
  return { datasets, stations }
}

const nothing = { datasets: [], stationSets: [] }
