import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { endpoints } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { setOverlay, useMapExtras } from '../../map/map-extras.ts'
import {
  ignoredRanges,
  ignoredStations,
  isFiltered,
  tellFilterCount,
  useChartFilter,
  useFilterQuery,
} from '../../state/chart-filter.ts'
import { usePointer } from '../../state/pointer.ts'
import { useTheme } from '../../state/use-theme.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'

/** Rows looked at: enough for a correlation, few enough for a brush that answers at once. */
const rows = 4000

function useSample() {
  const recipe = useWorkspaceStore((state) => state.document.recipe)
  const filter = useFilterQuery('samples', targetSet(recipe), predictorsOf(recipe))
  const body = { recipe, rows, filter }
  return { body, key: JSON.stringify(body), isEnabled: isSampled(recipe) }
}

/** By name alone: their units are known only once they are read. */
function predictorsOf({ predictors }: Readonly<Record<string, unknown>>): { name: string }[] {
  return Object.keys((predictors ?? {}) as object).map((name) => ({ name }))
}

/** Station set the target is of; null for a raster. */
function targetSet(recipe: Readonly<Record<string, unknown>>): string | null {
  const { stations } = (recipe.target ?? {}) as { stations?: unknown }
  return typeof stations === 'string' ? stations : null
}

/** Correlations of a sample of the recipe's training rows; nothing is asked while there is no target and predictor. */
export function useCorrelation() {
  const { body, key, isEnabled } = useSample()
  return useQuery({
    queryKey: ['samples', 'correlation', key],
    queryFn: ({ signal }) => call(endpoints.sampleCorrelation, { body, signal }),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
  })
}

/** Two columns of that sample. */
export function useSampleScatter(x: string | null, y: string | null) {
  const { body, key, isEnabled } = useSample()
  return useQuery({
    queryKey: ['samples', 'scatter', x, y, key],
    queryFn: ({ signal }) =>
      call(endpoints.sampleScatter, { body: { ...body, x: x ?? '', y: y ?? '', bins: 60 }, signal }),
    enabled: isEnabled && x !== null && y !== null,
    placeholderData: keepPreviousData,
  })
}

/** Its predictors as a biplot. */
export function useComponents() {
  const { body, key, isEnabled } = useSample()
  return useQuery({
    queryKey: ['samples', 'components', key],
    queryFn: ({ signal }) => call(endpoints.sampleComponents, { body, signal }),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
  })
}

/** Light of the rows that are left: the focus colour of either theme, which no ramp has. */
const lights = { light: [10, 111, 209, 230], dark: [99, 176, 255, 230] } as const

/** While something is filtered, the places of the rows that are left light up on the map, and the filter's bar tells how many
 *  rows there are. */
export function useSampleLights(count: { readonly rows: number; readonly rowsRead: number } | undefined): void {
  const { body, key, isEnabled } = useSample()
  const isOn = isFiltered('explore')
  const crs = usePointer((state) => state.crs)
  const theme = useTheme()
  const set = targetSet(body.recipe)
  const brushed = useChartFilter((state) => state.places)
  const ranges = useChartFilter((state) => state.ranges)
  const { recipe } = body
  const found = useQuery({
    queryKey: ['samples', 'places', crs, key],
    queryFn: ({ signal }) => call(endpoints.samplePlaces, { body: { ...body, crs: crs ?? undefined }, signal }),
    enabled: isEnabled && isOn && crs !== null,
    placeholderData: keepPreviousData,
  }).data
  useEffect(() => {
    if (!found || !isOn) return
    const fill = lights[theme]
    const most = Math.max(1, ...found.places.map((place) => place.rows))
    setOverlay('sample', {
      id: 'sample',
      polygons: [],
      points: found.places.map(({ x, y, rows: own }) => ({ x, y, fill, radius: 3 + 4 * Math.sqrt(own / most) })),
    })
    // Stations the sample is not of step back.
    useMapExtras.setState({ stationsLeft: new Set(set === null ? [] : found.places.map(({ id }) => `${set}/${id}`)) })
    return () => {
      setOverlay('sample', null)
      useMapExtras.setState({ stationsLeft: null })
    }
  }, [found, isOn, set, theme])
  useEffect(() => {
    if (!count || !isOn) return
    tellFilterCount('samples', {
      what: 'rows of the sample',
      n: count.rows,
      of: count.rowsRead,
      ignored: [...ignoredStations(brushed, set), ...ignoredRanges({ ranges }, 'samples', predictorsOf(recipe))],
    })
    return () => tellFilterCount('samples', null)
  }, [count, isOn, brushed, set, ranges, recipe])
}

export function isSampled(recipe: Readonly<Record<string, unknown>>): boolean {
  return recipe.target !== undefined && Object.keys((recipe.predictors ?? {}) as object).length > 0
}
