import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import type { Day, StationSetCard, StationVariable } from '../../main/contract/index.ts'
import { call } from './client.ts'

export function useStationSets(isWanted = true) {
  return useQuery({
    queryKey: ['stations'],
    queryFn: ({ signal }) => call(endpoints.stationSets, { signal }),
    enabled: isWanted,
  })
}

/** A set with its stations placed in a CRS. */
export function useStationSet(set: string | null, crs: string | null) {
  return useQuery({
    queryKey: ['stations', set, crs],
    queryFn: ({ signal }) =>
      call(endpoints.stationSet, { params: { set: set ?? '' }, query: crs === null ? {} : { crs }, signal }),
    enabled: set !== null,
    placeholderData: keepPreviousData,
  })
}

const cardsOf = (answers: readonly { readonly data: StationSetCard | undefined }[]) =>
  answers.flatMap(({ data }) => data ?? [])

/** Several sets with their stations placed in a CRS; those that are known so far. The same array while nothing changed. */
export function useStationCards(names: readonly string[], crs: string | null): readonly StationSetCard[] {
  return useQueries({
    combine: cardsOf,
    queries: names.map((set) => ({
      queryKey: ['stations', set, crs],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call(endpoints.stationSet, { params: { set }, query: crs === null ? {} : { crs }, signal }),
      enabled: crs !== null,
    })),
  })
}

type Quantity = Pick<StationVariable, 'name' | 'depth'>

const quantityQuery = ({ name, depth }: Quantity) => ({
  variable: name,
  ...(depth ? { depthFrom: depth[0], depthTo: depth[1] } : {}),
})

/** Daily values of one station. */
export function useStationSeries(set: string | null, station: string | null, quantity: Quantity | null) {
  return useQuery({
    queryKey: ['stations', set, 'series', station, quantity],
    queryFn: ({ signal }) =>
      call(endpoints.stationSeries, {
        params: { set: set ?? '', station: station ?? '' },
        query: quantityQuery(quantity as Quantity),
        signal,
      }),
    enabled: set !== null && station !== null && quantity !== null,
  })
}

/** Values of all stations of a set on a day, in the order of the set. */
export function useStationDay(set: string | null, day: Day | null, quantity: Quantity | null) {
  return useQuery({
    queryKey: ['stations', set, 'day', day, quantity],
    queryFn: ({ signal }) =>
      call(endpoints.stationDay, {
        params: { set: set ?? '', day: day ?? '' },
        query: quantityQuery(quantity as Quantity),
        signal,
      }),
    enabled: set !== null && day !== null && quantity !== null,
    placeholderData: keepPreviousData,
  })
}
