import { brushRange, useChartFilter } from '../../state/chart-filter.ts'
import type { FilterScope } from '../../state/chart-filter.ts'
import { formatCount } from '../format.ts'
import { Chart } from './Chart.tsx'
import type { ChartColours } from './chart-colours.ts'
import { commonOptions, nameAxis, valueAxis } from './common-options.ts'

/** Equal bins from `low` to `high`. */
export interface HistogramBins {
  readonly low: number
  readonly high: number
  readonly counts: readonly number[]
  /** The same bins before the filter. */
  readonly all: readonly number[]
}

export interface HistogramChartProps {
  readonly title: string
  readonly description: string
  /** What is after the count in the caption, with the sign before it. */
  readonly remark: string
  /** What is counted: `rows`. */
  readonly counted: string
  /** Counted: what passes the filter, and all. */
  readonly n: number
  readonly of: number
  readonly bins: HistogramBins
  /** Whose filter a brush sets, and which column of it. */
  readonly scope: FilterScope
  readonly name: string
  readonly unit: string
  readonly axisTitle: string
  /** Middle of a bin, below it. */
  readonly middleWords: (value: number) => string
}

/** How the values of one column are spread; what the filter takes out stays, pale. A drag brushes whole bins. */
export function HistogramChart(props: HistogramChartProps) {
  const { bins, scope, name, unit, counted, n, of } = props
  const { low, counts, all } = bins
  const brushed = useChartFilter((state) => state.ranges[scope][name])
  const width = binWidth(bins)
  const filtered = n < of ? ` of ${formatCount(of)} (filtered; all of them pale)` : ''
  return (
    <Chart
      title={props.title}
      description={props.description}
      caption={`n = ${formatCount(n)}${filtered}${props.remark}`}
      table={{
        head: [name, counted, 'before the filter'],
        rows: middlesOf(bins).map((middle, i) => [Number(middle.toPrecision(5)), counts[i], all[i]]),
      }}
      height={300}
      brush={{
        x: {
          kind: 'bins',
          name,
          unit,
          low,
          width,
          count: counts.length,
          selected: brushed ? [brushed.low, brushed.high] : null,
        },
        y: null,
        onBrush: (x) => brushRange(scope, name, x && { low: x[0], high: x[1], unit }),
      }}
      option={(colours) => optionOf(colours, props)}
    />
  )
}

export const binWidth = ({ low, high, counts }: HistogramBins): number => (high - low) / counts.length

const middlesOf = (bins: HistogramBins): number[] => bins.counts.map((_, i) => bins.low + (i + 0.5) * binWidth(bins))

function optionOf(colours: ChartColours, { bins, n, of, counted, axisTitle, middleWords }: HistogramChartProps) {
  const common = commonOptions(colours)
  // Both series lie over each other, the pale one behind.
  const bars = { type: 'bar', barWidth: '92%', barGap: '-100%' }
  return {
    ...common,
    tooltip: { ...common.tooltip, trigger: 'axis' },
    xAxis: nameAxis(colours, middlesOf(bins).map(middleWords), {
      name: axisTitle,
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: { color: colours.text2 },
    }),
    yAxis: valueAxis(
      colours,
      counted.replace(/^./, (first) => first.toUpperCase()),
      { nameGap: 42, scale: false },
    ),
    series: [
      ...(n < of
        ? [{ ...bars, name: 'before the filter', z: 1, itemStyle: { color: colours.line }, data: bins.all }]
        : []),
      { ...bars, name: counted, itemStyle: { color: colours.accent }, data: bins.counts },
    ],
  }
}
