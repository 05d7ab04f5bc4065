import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import type { Draft } from '../../main/contract/index.ts'
import { call } from './client.ts'

/** What the project has that a recipe may name. */
export function useRecipeSources() {
  return useQuery({
    queryKey: ['recipe', 'sources'],
    queryFn: ({ signal }) => call(endpoints.recipeSources, { signal }),
  })
}

/** Remarks, cards and sentences of a draft; the former ones stay until the new ones are there. */
export function useDraftCheck(draft: Draft) {
  return useQuery({
    queryKey: ['recipe', 'check', JSON.stringify(draft)],
    queryFn: ({ signal }) => call(endpoints.checkRecipe, { body: { recipe: draft }, signal }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
}

export function useShippedRecipes(isWanted: boolean) {
  return useQuery({
    queryKey: ['recipe', 'shipped'],
    queryFn: ({ signal }) => call(endpoints.shippedRecipes, { signal }),
    enabled: isWanted,
  })
}

/** Folds of a draft's split, of the parts that decide them. */
export function useDraftFolds(draft: Draft, crs: string | null, isWanted: boolean) {
  const { grid, fields, target, training, split, seed, minValidFraction } = draft
  return useQuery({
    queryKey: ['recipe', 'folds', crs, JSON.stringify([grid, fields, target, training, split, seed, minValidFraction])],
    queryFn: ({ signal }) => call(endpoints.recipeFolds, { body: { recipe: draft, ...(crs ? { crs } : {}) }, signal }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
}
