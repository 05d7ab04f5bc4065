import type { RecipeSources } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { projectSources } from '../runs/index.ts'
import type { PlanSources } from '../runs/index.ts'

/** What a draft may name, with a key of its contents. */
export interface DraftSources extends PlanSources {
  /** Changes when datasets or station sets do. */
  readonly key: string
}

/** @param removed names taken out of the workspace */
export function draftSources(project: Project, removed: Parameters<typeof projectSources>[1]): DraftSources {
  const { datasets, stations } = projectSources(project, removed)
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
