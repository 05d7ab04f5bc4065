import { useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import type { LayerSource, TiledLayer } from '../../main/contract/index.ts'
import { call } from './client.ts'
import { queryClient } from './query-client.ts'

const keyOf = (source: LayerSource, crs: string | null) => ['layers', crs, JSON.stringify(source)]

/** A source opened for drawing in the map's CRS. */
export function useTiledLayer(source: LayerSource | null, crs: string | null) {
  return useQuery({
    queryKey: source ? keyOf(source, crs) : ['layers', 'none'],
    queryFn: ({ signal }) => openLayer(source as LayerSource, crs, signal),
    enabled: source !== null,
  })
}

export function openLayer(source: LayerSource, crs: string | null, signal?: AbortSignal): Promise<TiledLayer> {
  return call(endpoints.openLayer, { body: { source, ...(crs ? { crs } : {}) }, signal })
}

/** Opened already, or opened now. */
export function fetchLayer(source: LayerSource, crs: string | null): Promise<TiledLayer> {
  return queryClient.fetchQuery({
    queryKey: keyOf(source, crs),
    queryFn: ({ signal }) => openLayer(source, crs, signal),
  })
}
