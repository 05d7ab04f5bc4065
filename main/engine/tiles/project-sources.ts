import type { RasterDataset } from '../../contract/index.ts'
import type { StationSource } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import type { PlanSources } from '../runs/index.ts'
import { toDaily } from '../stations/index.ts'
import type { DailyTable } from '../stations/index.ts'

/** Daily tables by content of their set: the map asks for the same ones after every edit of a field. */
const tables = new WeakMap<Project, Map<string, DailyTable>>()

/** All that expressions may name, as recorded; whether the files are still there is looked at later, for those in use. */
export function projectSources(project: Project): PlanSources {
  const kept = tables.get(project) ?? new Map<string, DailyTable>()
  tables.set(project, kept)
  const datasets = new Map<string, RasterDataset>()
  for (const { name } of project.datasets()) datasets.set(name, project.storedDataset(name))
  const stations = new Map<string, StationSource>()
  for (const { name, observationCount } of project.stationSets()) {
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
