import { queryOptions, useQuery } from '@tanstack/react-query'
import { LoamError, endpoints, oneOfHeader } from '../../main/contract/index.ts'
import type { LayerSource, TiledLayer } from '../../main/contract/index.ts'
import { call } from './client.ts'
import { queryClient } from './query-client.ts'

/** A source opened for drawing in the map's CRS; null: in its own. */
export function layerQuery(source: LayerSource, crs: string | null) {
  return queryOptions({
    queryKey: ['layers', crs, JSON.stringify(source)],
    queryFn: ({ signal }) => call(endpoints.openLayer, { body: { source, ...(crs ? { crs } : {}) }, signal }),
  })
}

export function useTiledLayer(source: LayerSource | null, crs: string | null) {
  return useQuery({
    ...layerQuery(source ?? { of: 'dataset', dataset: '', variable: '' }, crs),
    enabled: source !== null,
  })
}

/** Opened already, or opened now. */
export function fetchLayer(source: LayerSource, crs: string | null): Promise<TiledLayer> {
  return queryClient.fetchQuery(layerQuery(source, crs))
}

/** One tile. After a restart the engine has forgotten which layers were open: they are opened again, and the tile is
 *  asked for once more. */
export async function loadTile(
  {
    layer,
    day,
    level,
    row,
    col,
    isQuick,
  }: Record<'layer' | 'day', string> & Record<'level' | 'row' | 'col', number> & { readonly isQuick?: boolean },
  signal: AbortSignal,
): Promise<{ readonly bytes: ArrayBuffer; readonly oneOf: number }> {
  const query = { cells: isQuick ? 'some' : 'all' } as const
  let oneOf = 1
  const onHeaders = (headers: Headers) => (oneOf = Number(headers.get(oneOfHeader) ?? 1))
  const params = { layer, day, level: String(level), row: String(row), col: String(col) }
  try {
    return { bytes: await call(endpoints.tile, { params, query, signal, onHeaders }), oneOf }
  } catch (thrown) {
    if (!(thrown instanceof LoamError) || thrown.code !== 'unknown_name') throw thrown
    await queryClient.refetchQueries({ queryKey: ['layers'] })
    return { bytes: await call(endpoints.tile, { params, query, signal, onHeaders }), oneOf }
  }
}
