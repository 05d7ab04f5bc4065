import { useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import { call } from './client.ts'

/** Name, unit and proj4 definition of a CRS. */
export function useCrs(code: string | null) {
  return useQuery({
    queryKey: ['crs', code],
    queryFn: ({ signal }) => call(endpoints.crs, { params: { code: code ?? '' }, query: {}, signal }),
    enabled: code !== null,
  })
}
