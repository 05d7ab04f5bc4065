import { useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import { call } from './client.ts'

/** What this Loam is and which project is open. Asked again while the engine does not answer. */
export function useHello() {
  return useQuery({
    queryKey: ['hello'],
    queryFn: ({ signal }) => call(endpoints.hello, { signal }),
    retry: true,
    retryDelay: 1000,
  })
}
