import { create } from 'zustand'
import type { ChartFilter } from '../../main/contract/index.ts'
import { session, useSession } from './session.ts'
import type { PlaceId } from './session.ts'

/** Whose values a range is of: pairs of a validation, or rows of the recipe's sample. */
export type FilterScope = 'pairs' | 'samples'

export interface BrushedRange {
  readonly low: number
  readonly high: number
  readonly unit: string
}

export interface BrushedLasso {
  readonly x: string
  readonly y: string
  readonly ring: readonly (readonly [number, number])[]
}

/** What was brushed besides the period, which is the window's own. It is no content of the project, so undo knows nothing of it. */
export interface ChartFilterState {
  /** Months of the year, 1 to 12, ascending; null: all. */
  readonly months: readonly number[] | null
  readonly area: { readonly crs: string; readonly bounds: readonly [number, number, number, number] } | null
  /** Ids of stations of one set. */
  readonly places: { readonly set: string; readonly ids: readonly string[] } | null
  readonly ranges: Readonly<Record<FilterScope, Readonly<Record<string, BrushedRange>>>>
  readonly lasso: Readonly<Record<FilterScope, BrushedLasso | null>>
}

const nothing: ChartFilterState = {
  months: null,
  area: null,
  places: null,
  ranges: { pairs: {}, samples: {} },
  lasso: { pairs: null, samples: null },
}

export const useChartFilter = create<ChartFilterState>(() => nothing)

/** Places whose charts a filter is for. */
const scopeOf: Partial<Record<PlaceId, FilterScope>> = { explore: 'samples', validate: 'pairs' }

export const filterScope = (place: PlaceId): FilterScope | null => scopeOf[place] ?? null

export function brushRange(scope: FilterScope, of: string, range: BrushedRange | null): void {
  useChartFilter.setState(({ ranges }) => {
    const { [of]: _old, ...others } = ranges[scope]
    return { ranges: { ...ranges, [scope]: range ? { ...others, [of]: range } : others } }
  })
}

export function brushLasso(scope: FilterScope, lasso: BrushedLasso | null): void {
  useChartFilter.setState((state) => ({ lasso: { ...state.lasso, [scope]: lasso } }))
}

export function clearFilter(): void {
  useChartFilter.setState(nothing)
  if (session().period) session().set({ period: null })
}

/** Whether anything is brushed that the charts of a place are filtered by. */
export function isFiltered(place: PlaceId): boolean {
  const scope = filterScope(place)
  if (!scope) return false
  const { months, area, places, ranges, lasso } = useChartFilter.getState()
  return Boolean(
    session().period ?? months ?? area ?? places ?? lasso[scope] ?? (Object.keys(ranges[scope]).length > 0 || null),
  )
}

/** The filter as the engine is asked with it. @param set the station set whose ids the rows carry; null for none */
export function useFilterQuery(scope: FilterScope, set: string | null): ChartFilter {
  const period = useSession((state) => state.period)
  const { months, area, places, ranges, lasso } = useChartFilter()
  const own = Object.entries(ranges[scope]).map(([of, { low, high }]) => ({ of, low, high }))
  const line = lasso[scope]
  return {
    ...period,
    ...(months ? { months: [...months] } : {}),
    ...(area ? { area: { crs: area.crs, bounds: [...area.bounds] } } : {}),
    ...(places?.set === set ? { places: [...places.ids] } : {}),
    ...(own.length > 0 ? { ranges: own } : {}),
    ...(line ? { lasso: { x: line.x, y: line.y, ring: line.ring.map(([x, y]): [number, number] => [x, y]) } } : {}),
  }
}

/** Why stations that are brushed say nothing of rows that are of another set, or of none. */
export function ignoredStations(places: ChartFilterState['places'], set: string | null): string[] {
  return places && places.set !== set ? [`stations of ${places.set} choose nothing here`] : []
}

interface FilterCount {
  /** What is counted: "pairs". */
  readonly what: string
  readonly n: number
  readonly of: number
  /** Parts of the filter that say nothing of these rows, in words. */
  readonly ignored: readonly string[]
}

/** How many rows the filter leaves in the charts that are shown; written by their panel. */
export const useFilterCount = create<{ readonly counts: Readonly<Partial<Record<FilterScope, FilterCount>>> }>(() => ({
  counts: {},
}))

export function tellFilterCount(scope: FilterScope, count: FilterCount | null): void {
  useFilterCount.setState(({ counts }) => ({ counts: { ...counts, [scope]: count ?? undefined } }))
}
