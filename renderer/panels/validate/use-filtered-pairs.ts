import { useEffect } from 'react'
import type { ValidationSummary } from '../../../main/contract/index.ts'
import { useMapExtras } from '../../map/map-extras.ts'
import {
  ignoredRanges,
  ignoredStations,
  isFiltered,
  tellFilterCount,
  useChartFilter,
} from '../../state/chart-filter.ts'
import { useSession } from '../../state/session.ts'
import { usePairs } from './validate-state.ts'

/** Pairs of all stations that pass the filter. While something is filtered the map shows the stations that are left plainly and
 *  the others faintly, and the filter's bar tells how many pairs there are. */
export function useFilteredPairs(run: string | undefined, validation: ValidationSummary | undefined) {
  const { data: pairs, isPlaceholderData } = usePairs(run, validation, null)
  const isOn = useIsFiltered()
  const places = useChartFilter((state) => state.places)
  const ranges = useChartFilter((state) => state.ranges)
  useEffect(() => {
    // Numbers of the former filter are drawn on until the new ones are there, but not told.
    if (!pairs || !validation || !isOn || isPlaceholderData) return
    const left = pairs.boxes.filter(({ by }) => by === 'station').map(({ id }) => `${validation.reference}/${id}`)
    if (validation.from === 'stations') useMapExtras.setState({ stationsLeft: new Set(left) })
    tellFilterCount('pairs', {
      what: 'pairs',
      n: pairs.density.n,
      of: pairs.of,
      ignored: [
        ...ignoredStations(places, validation.reference),
        ...ignoredRanges({ ranges }, 'pairs', validation.predictors),
        ...(pairs.ignored.includes('area') ? ['an area chooses nothing of a raster reference'] : []),
      ],
    })
    return () => {
      useMapExtras.setState({ stationsLeft: null })
      tellFilterCount('pairs', null)
    }
  }, [pairs, validation, isOn, isPlaceholderData, places, ranges])
  return isOn ? pairs : undefined
}

/** Whether the charts of this place show less than all. */
export function useIsFiltered(): boolean {
  const place = useSession((state) => state.place)
  useSession((state) => state.period)
  useChartFilter()
  return isFiltered(place)
}
