import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import { call } from './client.ts'

/** All datasets of the project; those that were taken out are among them. */
export function useDatasets(isWanted = true) {
  return useQuery({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => call(endpoints.datasets, { signal }),
    enabled: isWanted,
  })
}

export function useDataset(name: string | null) {
  return useQuery({
    queryKey: ['datasets', name],
    queryFn: ({ signal }) => call(endpoints.dataset, { params: { name: name ?? '' }, signal }),
    enabled: name !== null,
  })
}

/** Days of a dataset and how much of each is valid. */
export function coverageQuery(name: string) {
  return queryOptions({
    queryKey: ['datasets', name, 'coverage'],
    queryFn: ({ signal }) => call(endpoints.coverage, { params: { name }, signal }),
  })
}

export function useCoverage(name: string | null) {
  return useQuery({ ...coverageQuery(name ?? ''), enabled: name !== null })
}

/** Outlines of all datasets in a CRS. */
export function useFootprints(crs: string | null) {
  return useQuery({
    queryKey: ['datasets', 'footprints', crs],
    queryFn: ({ signal }) => call(endpoints.footprints, { query: { crs: crs ?? '' }, signal }),
    enabled: crs !== null,
    placeholderData: keepPreviousData,
  })
}
