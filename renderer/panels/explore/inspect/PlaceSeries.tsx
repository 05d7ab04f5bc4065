import { useMemo } from 'react'
import type { Day, StationSetRow } from '../../../../main/contract/index.ts'
import { useCellSeries } from '../../../api/inspect.ts'
import type { InspectedPlace, SeriesQuestion } from '../../../api/inspect.ts'
import { session } from '../../../state/session.ts'
import { Button } from '../../../widgets/Button.tsx'
import { ErrorStrip, LoadingRows } from '../../../widgets/PanelState.tsx'
import { PacedStatus } from '../../../widgets/PacedStatus.tsx'
import { SeriesChart } from '../../../widgets/SeriesChart.tsx'
import { chartsOf } from './place-charts.ts'
import type { CompanionLayers } from './place-charts.ts'
import { useCompanionLayers } from './use-companion-layers.ts'
import type { SeriesLayer } from './use-inspected-layers.ts'

interface PlaceSeriesProps {
  readonly place: InspectedPlace
  readonly day: Day | null
  readonly layers: readonly SeriesLayer[]
  readonly days: readonly Day[]
  readonly stationSets: readonly StationSetRow[]
}

/** The history of one place: predictions, the coarse product, what was observed near by, rain. One chart for each unit. */
export function PlaceSeries({ place, day, layers, days, stationSets }: PlaceSeriesProps) {
  const companions = useCompanionLayers(layers, place.crs)
  const question = useMemo<SeriesQuestion | null>(
    () =>
      layers.length > 0 && days.length > 0 && companions
        ? {
            place,
            days,
            layers: [...new Set([...layers.map(({ id }) => id), ...idsOf(companions)])].slice(0, 16),
            runs: [...new Set(layers.flatMap(({ run }) => run ?? []))].slice(0, 4),
            stations: stationSets
              .filter(({ hasPlaces }) => hasPlaces)
              .flatMap(({ name, variables }) => {
                const variable = variables.find(({ unit }) => layers.some((layer) => layer.unit === unit))
                return variable
                  ? [
                      {
                        set: name,
                        variable: variable.name,
                        ...(variable.depth ? { depth: [...variable.depth] as [number, number] } : {}),
                      },
                    ]
                  : []
              })
              .slice(0, 8),
          }
        : null,
    [place, days, layers, stationSets, companions],
  )
  const answer = useCellSeries(question, day)
  const charts = useMemo(
    () => (answer && companions ? chartsOf(answer.series, layers, companions) : []),
    [answer, layers, companions],
  )
  if (layers.length === 0 || days.length === 0) return null
  if (!answer) return <LoadingRows rows={4} label="Reading the series of this place" />
  const faults = answer.series.filter(({ fault }) => fault !== null)
  return (
    <>
      {answer.fault && <ErrorStrip fault={answer.fault} />}
      {answer.done < answer.days.length && !answer.fault && (
        <p className="inspect-partial">
          <PacedStatus words={`${answer.done} of ${answer.days.length} days read`} />
          <Button look="quiet" onPress={answer.stop}>
            Stop
          </Button>
        </p>
      )}
      {charts.map(({ unit, series }) => (
        <SeriesChart
          key={unit}
          label={`Place ${Math.round(place.x)}, ${Math.round(place.y)}`}
          days={answer.days}
          series={series}
          day={day}
          onDay={(next) => session().set({ day: next })}
          onPeriod={(period) => session().set({ period })}
          height={150}
        />
      ))}
      {faults.map(({ id, name, fault }) => (
        <p key={id} className="text-2">
          {name}: {fault!.message}
        </p>
      ))}
    </>
  )
}

const idsOf = ({ bands, rain }: CompanionLayers): string[] => [
  ...bands.flatMap(({ low, high }) => [low, high]),
  ...(rain === null ? [] : [rain]),
]
