import { useMemo } from 'react'
import type { CellSeries, Day, StationSetRow } from '../../../../main/contract/index.ts'
import { useCellSeries } from '../../../api/inspect.ts'
import type { InspectedPlace, SeriesQuestion } from '../../../api/inspect.ts'
import { session } from '../../../state/session.ts'
import { Button } from '../../../widgets/Button.tsx'
import { ErrorStrip, LoadingRows } from '../../../widgets/PanelState.tsx'
import { SeriesChart } from '../../../widgets/SeriesChart.tsx'
import type { ChartSeries, SeriesKind } from '../../../widgets/SeriesChart.tsx'
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
  const question = useMemo<SeriesQuestion | null>(
    () =>
      layers.length > 0 && days.length > 0
        ? {
            place,
            days,
            layers: layers.map(({ id }) => id),
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
    [place, days, layers, stationSets],
  )
  const answer = useCellSeries(question, day)
  const charts = useMemo(() => (answer ? chartsOf(answer.series, layers) : []), [answer, layers])
  if (!question) return null
  if (!answer) return <LoadingRows rows={4} label="Reading the series of this place" />
  const faults = answer.series.filter(({ fault }) => fault !== null)
  return (
    <>
      {answer.fault && <ErrorStrip fault={answer.fault} />}
      {answer.done < answer.days.length && !answer.fault && (
        <p className="inspect-partial" role="status">
          {answer.done} of {answer.days.length} days read
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

/** Charts by unit, the one with most series first; rain goes with the first as bars. */
function chartsOf(
  all: readonly CellSeries[],
  layers: readonly SeriesLayer[],
): { unit: string; series: ChartSeries[] }[] {
  const known = all.filter(({ values }) => values.some((value) => value !== null))
  const isRain = ({ name, unit }: CellSeries) => unit === 'mm' && /rain|precip/i.test(name)
  const byUnit = new Map<string, ChartSeries[]>()
  for (const each of known.filter((series) => !isRain(series)))
    byUnit.set(each.unit, [...(byUnit.get(each.unit) ?? []), chartSeries(each, kindOf(each, layers))])
  const charts = [...byUnit]
    .map(([unit, series]) => ({ unit, series }))
    .sort((a, b) => b.series.length - a.series.length)
    .slice(0, 3)
  const rain = known.filter(isRain).map((each) => chartSeries(each, 'bars'))
  if (rain.length === 0) return charts
  return charts.length > 0
    ? [{ ...charts[0], series: [...charts[0].series, ...rain] }, ...charts.slice(1)]
    : [{ unit: 'mm', series: rain }]
}

function kindOf({ id }: CellSeries, layers: readonly SeriesLayer[]): SeriesKind {
  if (id.startsWith('observed:')) return 'points'
  if (id.startsWith('coarse:')) return 'steps'
  return layers.find((layer) => layer.id === id)?.isStored ? 'steps' : 'line'
}

const chartSeries = ({ id, name, unit, values }: CellSeries, kind: SeriesKind): ChartSeries => ({
  id,
  name,
  unit,
  kind,
  values,
})
