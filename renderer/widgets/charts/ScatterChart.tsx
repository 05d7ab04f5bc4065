import { rampColours } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { brushLasso, brushRange, useChartFilter } from '../../state/chart-filter.ts'
import type { FilterScope } from '../../state/chart-filter.ts'
import { formatCount, formatSignificant } from '../format.ts'
import { Chart } from './Chart.tsx'
import type { ChartColours } from './chart-colours.ts'
import { commonOptions, valueAxis } from './common-options.ts'

export interface ScatterAxis {
  /** The column, as the filter knows it. */
  readonly name: string
  readonly unit: string
  /** As it stands along the axis. */
  readonly title: string
  /** Ends of all rows, so that a brush moves no axis. */
  readonly low: number
  readonly high: number
}

export interface ScatterPoint {
  readonly x: number
  readonly y: number
  readonly day: Day
  readonly place: string | null
}

export interface ScatterChartProps {
  readonly title: string
  readonly description: string
  /** What is after the count in the caption, with the sign before it. */
  readonly remark: string
  /** What is counted: `rows`. */
  readonly counted: string
  /** Of what is counted: `of 12 groups`. */
  readonly countedOf?: string
  readonly placeWord: string
  /** Whose filter a brush sets. */
  readonly scope: FilterScope
  readonly x: ScatterAxis
  readonly y: ScatterAxis
  /** Counted: what passes the filter, and all. */
  readonly n: number
  readonly of: number
  /** size × size bins, row-major; row is the bin of y from below. */
  readonly size: number
  readonly counts: readonly number[]
  /** The same bins before the filter. */
  readonly all: readonly number[]
  /** What passes, while it is little enough to be drawn one by one. */
  readonly points: readonly ScatterPoint[] | null
  /** Values in words, for what is under the pointer. */
  readonly wordsOf: (x: number, y: number) => string
  readonly onPick: (point: ScatterPoint) => void
  /** Draws where both are the same. */
  readonly hasIdentityLine?: boolean
}

/** Two columns against each other: points while they are few, density beyond; what the filter takes out stays, pale. A box or a
 *  line drawn around brushes both columns. */
export function ScatterChart(props: ScatterChartProps) {
  const { scope, x, y, n, of, size, counts, points, counted, countedOf, placeWord, onPick } = props
  const ranges = useChartFilter((state) => state.ranges[scope])
  const lasso = useChartFilter((state) => state.lasso[scope])
  const axis = ({ name, unit }: ScatterAxis) => {
    const range = ranges[name]
    return { kind: 'value' as const, name, unit, selected: range ? ([range.low, range.high] as const) : null }
  }
  const filtered = n < of ? ` of ${formatCount(of)} (filtered; the others pale)` : ''
  const binned = points ? '' : `, counted in ${size} × ${size} bins`
  return (
    <Chart
      title={props.title}
      description={props.description}
      caption={`n = ${formatCount(n)}${filtered} ${counted}${countedOf ? ` ${countedOf}` : ''}${binned}${props.remark}`}
      table={
        points
          ? {
              head: [x.name, y.name, 'day', placeWord],
              rows: points.map((point) => [point.x, point.y, point.day, point.place]),
            }
          : { head: [x.name, y.name, counted], rows: cellsOf(counts, props) }
      }
      height={300}
      onPick={({ data }) => {
        const point = points && Array.isArray(data) ? points[data[2] as number] : undefined
        if (point) onPick(point)
      }}
      brush={{
        x: axis(x),
        y: axis(y),
        onBrush: (across, up) => {
          brushRange(scope, x.name, across && { low: across[0], high: across[1], unit: x.unit })
          brushRange(scope, y.name, up && { low: up[0], high: up[1], unit: y.unit })
        },
        lasso: {
          ring: lasso?.x === x.name && lasso.y === y.name ? lasso.ring : null,
          onLasso: (ring) => brushLasso(scope, ring && { x: x.name, y: y.name, ring }),
        },
      }}
      option={(colours) => optionOf(colours, props)}
    />
  )
}

type Bins = Pick<ScatterChartProps, 'x' | 'y' | 'size'>

/** Middle of each bin that holds something, and how much. */
function cellsOf(bins: readonly number[], { x, y, size }: Bins): [number, number, number][] {
  const [stepX, stepY] = [(x.high - x.low) / size, (y.high - y.low) / size]
  return bins.flatMap((count, i) =>
    count > 0 ? [[x.low + ((i % size) + 0.5) * stepX, y.low + (Math.floor(i / size) + 0.5) * stepY, count]] : [],
  )
}

function optionOf(colours: ChartColours, props: ScatterChartProps) {
  const { x, y, n, of, counts, all, points, wordsOf, counted, hasIdentityLine } = props
  const common = commonOptions(colours)
  const [acrossEnds, upEnds] = [endsOf(x), endsOf(y)]
  return {
    ...common,
    tooltip: {
      ...common.tooltip,
      formatter: ({ data }: { data: number[] }) => {
        const point = points?.[data[2]]
        return point
          ? `${point.place ?? ''} ${point.day}<br>${wordsOf(point.x, point.y)}`
          : `${data[2]} ${counted} near ${wordsOf(data[0], data[1])}`
      },
    },
    xAxis: valueAxis(colours, x.title, { ...acrossEnds, axisLabel: tickLabel(colours) }),
    yAxis: valueAxis(colours, y.title, { ...upEnds, nameGap: 42, axisLabel: tickLabel(colours) }),
    ...(points ? {} : { visualMap: densityColours(counts) }),
    series: [
      {
        type: 'scatter',
        silent: true,
        symbol: 'rect',
        symbolSize: 5,
        itemStyle: { color: colours.line },
        data: n < of ? cellsOf(all, props) : [],
      },
      points
        ? {
            type: 'scatter',
            symbolSize: 5,
            itemStyle: { color: colours.text, opacity: 0.55 },
            data: points.map((point, i) => [point.x, point.y, i]),
          }
        : {
            type: 'scatter',
            symbol: 'rect',
            symbolSize: 5,
            data: cellsOf(counts, props).map((cell) => [...cell, Math.log1p(cell[2])]),
          },
      ...(hasIdentityLine
        ? [
            {
              type: 'line',
              silent: true,
              symbol: 'none',
              lineStyle: { color: colours.lineStrong, type: 'dashed', width: 1 },
              data: [
                [acrossEnds.min, acrossEnds.min],
                [acrossEnds.max, acrossEnds.max],
              ],
            },
          ]
        : []),
    ],
  }
}

/** Colours of the second series by the logarithm of its counts, which are its fourth number. */
function densityColours(counts: readonly number[]) {
  const ramp = rampColours('moisture').filter((_, i) => i % 32 === 0 || i === 255)
  return {
    show: false,
    min: 0,
    max: Math.log1p(Math.max(1, ...counts)),
    dimension: 3,
    seriesIndex: 1,
    inRange: { color: ramp.map((rgb) => `rgb(${rgb.join(',')})`) },
  }
}

function endsOf({ low, high }: ScatterAxis) {
  const pad = (high - low) * 0.03
  return { min: low - pad, max: high + pad }
}

/** The ends lie between round numbers, so theirs are not said. */
const tickLabel = (colours: ChartColours) => ({
  color: colours.text2,
  hideOverlap: true,
  showMinLabel: false,
  showMaxLabel: false,
  formatter: (value: number) => formatSignificant(value, 3),
})
