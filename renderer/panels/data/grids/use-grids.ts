import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../../../main/contract/index.ts'
import type { GridSpec, Workspace } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { useSources } from '../../../state/sources.ts'

/** What the data suggest. */
export function useGridSuggestion(crs: string | null) {
  const { datasets, stationSets } = useSources()
  const names = datasets.map(({ name }) => name)
  const sets = stationSets.map(({ name }) => name)
  return useQuery({
    queryKey: ['grids', 'suggest', names, sets, crs],
    queryFn: ({ signal }) =>
      call(endpoints.suggestGrids, { body: { datasets: names, stationSets: sets, crs }, signal }),
    enabled: names.length + sets.length > 0,
    placeholderData: keepPreviousData,
  })
}

/** How the grids of the recipe in the making lie in each other. */
export function useGridAudit(
  fine: GridSpec | null,
  coarse: string | null,
  training: GridSpec | null,
  crs: string | null,
) {
  return useQuery({
    queryKey: ['grids', 'audit', fine, coarse, training, crs],
    queryFn: ({ signal }) =>
      call(endpoints.auditGrids, { body: { fine: fine as GridSpec, coarse, training, crs: crs ?? '' }, signal }),
    enabled: fine !== null && crs !== null,
    placeholderData: keepPreviousData,
  })
}

/** The grids the recipe in the making names; null where it names none yet. */
export function gridsOfRecipe({ recipe }: Pick<Workspace, 'recipe'>, datasets: readonly { readonly name: string }[]) {
  const target = recipe.target as { raster?: unknown; grid?: GridSpec } | undefined
  // With stations as the target the coarse product is what the map is compared with.
  const product = target?.raster ?? recipe.baseline
  const raster = typeof product === 'string' ? product : null
  const coarse = datasets.find(({ name }) => raster === name || raster?.startsWith(`${name}.`))?.name ?? null
  return {
    fine: (recipe.grid ?? null) as GridSpec | null,
    coarse,
    training: target?.grid ?? null,
    hasRasterTarget: target?.raster !== undefined,
  }
}
