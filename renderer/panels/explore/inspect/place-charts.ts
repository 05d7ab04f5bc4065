import type { CellSeries } from '../../../../main/contract/index.ts'
import type { ChartSeries, SeriesKind } from '../../../widgets/SeriesChart.tsx'
import type { SeriesLayer } from './use-inspected-layers.ts'

/** Layers beside the visible ones that belong to the history of a place; all by `TiledLayer.id`. */
export interface CompanionLayers {
  /** The outermost quantiles of a run that is shown. */
  readonly bands: readonly { readonly low: string; readonly high: string; readonly name: string }[]
  /** Daily rain. */
  readonly rain: string | null
}

/** Lowest and highest quantile among the maps of a run, which are named `q05`, `q95`; null where it has no two. */
export function outermostQuantiles(layers: readonly string[]): { low: string; high: string; percent: number } | null {
  const quantiles = layers
    .filter((name) => /^q\d+$/.test(name))
    .map((name) => ({ name, level: Number(`0.${name.slice(1)}`) }))
    .sort((a, b) => a.level - b.level)
  if (quantiles.length < 2) return null
  const [low, high] = [quantiles[0], quantiles.at(-1)!]
  return { low: low.name, high: high.name, percent: Number((100 * (high.level - low.level)).toPrecision(4)) }
}

/** Daily rain by its name and unit. */
export const isRain = ({ name, unit }: { readonly name: string; readonly unit: string }) =>
  unit === 'mm' && /rain|precip/i.test(name)

export interface PlaceChart {
  readonly unit: string
  readonly series: readonly ChartSeries[]
}

/** Charts by unit, the one with most series first; an interval lies under its prediction, and rain goes with the first chart as
 *  bars. */
export function chartsOf(
  all: readonly CellSeries[],
  layers: readonly SeriesLayer[],
  { bands, rain }: CompanionLayers,
): PlaceChart[] {
  const known = all.filter(({ values }) => values.some((value) => value !== null))
  const byId = new Map(known.map((each) => [each.id, each]))
  const drawnBands = bands.flatMap(({ low, high, name }): ChartSeries[] => {
    const [from, to] = [byId.get(low), byId.get(high)]
    return from && to
      ? [{ id: `band:${low}`, name, unit: from.unit, kind: 'band', values: from.values, high: to.values }]
      : []
  })
  const ofBands = new Set(bands.flatMap(({ low, high }) => [low, high]))
  const isBars = (each: CellSeries) => each.id === rain || isRain(each)
  const plain = known.filter(
    (each) => !isBars(each) && (!ofBands.has(each.id) || isAsked(each.id, layers)) && !known.some(isCoarseTwin(each)),
  )
  const lines = plain.map((each) => chartSeries(each, kindOf(each, layers)))
  const byUnit = new Map<string, ChartSeries[]>()
  for (const each of [...drawnBands, ...lines]) byUnit.set(each.unit, [...(byUnit.get(each.unit) ?? []), each])
  const charts = [...byUnit]
    .map(([unit, series]): PlaceChart => ({ unit, series }))
    .sort((a, b) => b.series.length - a.series.length)
    .slice(0, 3)
  const bars = known.filter(isBars).map((each) => chartSeries(each, 'bars'))
  if (bars.length === 0) return charts
  return charts.length > 0
    ? [{ ...charts[0], series: [...charts[0].series, ...bars] }, ...charts.slice(1)]
    : [{ unit: 'mm', series: bars }]
}

/** The coarse product behind a run is drawn once, as steps, also where it is a layer of its own. */
const isCoarseTwin =
  (each: CellSeries) =>
  ({ id, values }: CellSeries): boolean =>
    id.startsWith('coarse:') && id !== each.id && values.every((value, i) => Object.is(value, each.values[i]))

/** A quantile that is itself on the map keeps its line. */
const isAsked = (id: string, layers: readonly SeriesLayer[]) => layers.some((layer) => layer.id === id)

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
