import { useQuery } from '@tanstack/react-query'
import { decodeTile, endpoints } from '../../main/contract/index.ts'
import type { RasterSettings, StationTableSettings, Survey } from '../../main/contract/index.ts'
import { call } from './client.ts'
import { queryClient } from './query-client.ts'

/** Products grow while files are looked into; events of its task tell numbers only. */
const askAgainMs = 400

/** What was dropped, as far as it was looked into. */
export function useSurvey(id: string | null) {
  return useQuery({
    queryKey: ['surveys', id],
    queryFn: ({ signal }) => call(endpoints.survey, { params: { survey: id ?? '' }, signal }),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'looking' ? askAgainMs : false),
    staleTime: 0,
  })
}

export function startSurvey(paths: readonly string[]): Promise<Survey> {
  return call(endpoints.startSurvey, { body: { paths: [...paths] } })
}

/** Has a product understood anew with what the user says. */
export async function reviewProduct(
  survey: string,
  product: string,
  settings: { raster?: RasterSettings; stations?: StationTableSettings },
): Promise<void> {
  await call(endpoints.reviewProduct, { params: { survey, product }, body: settings })
  await queryClient.invalidateQueries({ queryKey: ['surveys', survey] })
}

export function useProductPicture(survey: string, product: string | null, revision: string) {
  return useQuery({
    queryKey: ['surveys', survey, 'picture', product, revision],
    queryFn: async ({ signal }) =>
      decodeTile(await call(endpoints.productPicture, { params: { survey, product: product ?? '' }, signal })),
    enabled: product !== null,
  })
}

export function useProductTable(survey: string, product: string | null, revision: string) {
  return useQuery({
    queryKey: ['surveys', survey, 'table', product, revision],
    queryFn: ({ signal }) => call(endpoints.productTable, { params: { survey, product: product ?? '' }, signal }),
    enabled: product !== null,
  })
}
