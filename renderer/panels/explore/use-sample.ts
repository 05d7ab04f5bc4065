import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'

/** Correlations of a sample of the recipe's training rows; nothing is asked while there is no target and predictor. */
export function useCorrelation() {
  const recipe = useWorkspaceStore((state) => state.document.recipe)
  return useQuery({
    queryKey: ['samples', 'correlation', JSON.stringify(recipe)],
    queryFn: ({ signal }) => call(endpoints.sampleCorrelation, { body: { recipe, rows: 4000 }, signal }),
    enabled: isSampled(recipe),
    placeholderData: keepPreviousData,
  })
}

/** Two columns of that sample. */
export function useSampleScatter(x: string | null, y: string | null) {
  const recipe = useWorkspaceStore((state) => state.document.recipe)
  return useQuery({
    queryKey: ['samples', 'scatter', x, y, JSON.stringify(recipe)],
    queryFn: ({ signal }) =>
      call(endpoints.sampleScatter, { body: { recipe, rows: 4000, x: x ?? '', y: y ?? '', bins: 60 }, signal }),
    enabled: isSampled(recipe) && x !== null && y !== null,
    placeholderData: keepPreviousData,
  })
}

export function isSampled(recipe: Readonly<Record<string, unknown>>): boolean {
  return recipe.target !== undefined && Object.keys((recipe.predictors ?? {}) as object).length > 0
}
