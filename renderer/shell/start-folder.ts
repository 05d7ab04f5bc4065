import { useQuery } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'

/** The user's home on the engine's machine; undefined until known. */
export function useStartFolder(): string | undefined {
  const places = useQuery({ queryKey: ['places'], queryFn: ({ signal }) => call(endpoints.places, { signal }) })
  return places.data?.find(({ kind }) => kind === 'home')?.path
}
