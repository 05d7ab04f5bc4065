import type { RasterDataset, RecipeSources } from '../../contract/index.ts'
import type { StationSource } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import type { PlanSources } from '../runs/index.ts'
import { toDaily } from '../stations/index.ts'
import type { DailyTable } from '../stations/index.ts'

/** What a draft may name, with daily values of stations kept: a form asks again after every edit. */
export interface DraftSources extends PlanSources {
  /** Changes when datasets or station sets do. */
  readonly key: string
}

const daily = new WeakMap<Project, Map<string, DailyTable>>()

/** @param removed names taken out of the workspace */
export function draftSources(
  project: Project,
  removed: { datasets: readonly string[]; stationSets: readonly string[] },
): DraftSources {
  const tables = daily.get(project) ?? new Map<string, DailyTable>()
  daily.set(project, tables)
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
        const table = tables.get(key) ?? toDaily(set, project.observations(name), { variable, depth })
        tables.set(key, table)
        return table
      },
    })
  }
  const key = hashJson([
    [...datasets.values()].map(({ name, files, variables }) => [name, variables, files.map((file) => file.sha256)]),
    [...stations.values()].map((source) => source.hash),
  ])
  return { datasets, stations, key }
}

/** The same for a list to choose from. */
export function sourcesList({ datasets, stations }: PlanSources): RecipeSources {
  return {
    rasters: [...datasets.values()].flatMap(({ name, grid, variables, scenes }) =>
      variables.map((variable, i) => {
        const days = scenes.flatMap((scene) => (scene.variable === i && scene.day ? [scene.day] : [])).sort()
        return {
          dataset: name,
          variable: variable.name,
          expression: variables.length === 1 ? name : `${name}.${variable.name}`,
          unit: variable.unit,
          kind: variable.kind,
          description: variable.description,
          cellSize: grid.transform[1],
          crs: grid.crs,
          rows: grid.rows,
          cols: grid.cols,
          firstDay: days[0] ?? null,
          lastDay: days.at(-1) ?? null,
          days: new Set(days).size,
        }
      }),
    ),
    stations: [...stations.values()].map(({ set }) => ({
      set: set.name,
      stations: set.stations.length,
      hasPlaces: set.stations.some((station) => station.x !== null),
      variables: set.variables,
    })),
  }
}
