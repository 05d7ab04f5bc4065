import { QueryClient } from '@tanstack/react-query'

/** Answers of the engine, kept until an event says that they changed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Infinity, gcTime: 10 * 60_000, retry: false, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
})
