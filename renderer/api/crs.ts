import { useQueries, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import { call } from './client.ts'

interface NearPlace {
  readonly x: number
  readonly y: number
  /** CRS of x and y. */
  readonly of: string
}

/** Name, unit and proj4 definition of a CRS. Its datum is right to a metre near `near`, and up to some 100 m off without. */
export function useCrs(code: string | null, near: NearPlace | null = null) {
  return useQuery({
    queryKey: ['crs', code, near],
    queryFn: ({ signal }) => call(endpoints.crs, { params: { code: code ?? '' }, query: near ?? {}, signal }),
    enabled: code !== null,
    // Until the datum is measured elsewhere, the definition of before is the better one.
    placeholderData: (before) => (before && before.code === code ? before : undefined),
  })
}

/** Several CRSs, by the code they were asked for; those that are read. */
export function useCrsList(codes: readonly string[]) {
  const asked = [...new Set(codes)]
  return useQueries({
    queries: asked.map((code) => ({
      queryKey: ['crs', code, null],
      queryFn: ({ signal }: { signal: AbortSignal }) => call(endpoints.crs, { params: { code }, query: {}, signal }),
    })),
    combine: (found) => new Map(found.flatMap(({ data }, i) => (data ? [[asked[i], data] as const] : []))),
  })
}
