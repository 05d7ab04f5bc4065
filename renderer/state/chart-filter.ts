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

/** Columns of the sample that pairs do not have: the target there is what is observed here, and components are the sample's own. */
const sampleOnly = ['target', 'PC1', 'PC2']

/** Ranges the charts of a scope are filtered by, with the scope they lie in. A predictor's range, brushed in the sample or in errors by
 *  that predictor, is one for both. */
export function rangesFor(
  { ranges }: Pick<ChartFilterState, 'ranges'>,
  scope: FilterScope,
): readonly { readonly scope: FilterScope; readonly of: string; readonly range: BrushedRange }[] {
  const own = (from: FilterScope) => Object.entries(ranges[from]).map(([of, range]) => ({ scope: from, of, range }))
  if (scope === 'samples') return own('samples')
  return [...own('pairs'), ...own('samples').filter(({ of }) => !sampleOnly.includes(of))]
}

/** Predictors the rows have, by which they can be filtered. */
type Predictors = readonly { readonly name: string; readonly unit?: string }[]

/** A predictor of the same name in another unit is another quantity. */
const hasPredictor = (predictors: Predictors, of: string, { unit }: BrushedRange): boolean =>
  predictors.some((each) => each.name === of && (each.unit === undefined || each.unit === unit))

/** Why ranges of predictors say nothing of rows that do not have them. */
export function ignoredRanges(
  state: Pick<ChartFilterState, 'ranges'>,
  scope: FilterScope,
  predictors: Predictors,
): string[] {
  return rangesFor(state, scope)
    .filter((each) => each.scope === 'samples' && !sampleOnly.includes(each.of))
    .filter(({ of, range }) => !hasPredictor(predictors, of, range))
    .map(({ of }) => `${of} chooses nothing here: there is no such predictor`)
}

/** Whether anything is brushed that the charts of a place are filtered by. */
export function isFiltered(place: PlaceId): boolean {
  const scope = filterScope(place)
  if (!scope) return false
  const state = useChartFilter.getState()
  const { months, area, places, lasso } = state
  return Boolean(
    session().period ?? months ?? area ?? places ?? lasso[scope] ?? (rangesFor(state, scope).length > 0 || null),
  )
}

/** The filter as the engine is asked with it.
 *  @param set the station set whose ids the rows carry; null for none
 *  @param predictors that the rows have */
export function useFilterQuery(scope: FilterScope, set: string | null, predictors: Predictors): ChartFilter {
  const period = useSession((state) => state.period)
  const state = useChartFilter()
  const { months, area, places, lasso } = state
  const own = rangesFor(state, scope)
    .filter(
      ({ scope: from, of, range }) =>
        from === 'pairs' || sampleOnly.includes(of) || hasPredictor(predictors, of, range),
    )
    .map(({ of, range: { low, high } }) => ({ of, low, high }))
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
