import { rampColours } from '../../../main/contract/index.ts'
import type { SampleScatter } from '../../../main/contract/index.ts'
import { brushLasso, brushRange, useChartFilter } from '../../state/chart-filter.ts'
import { session } from '../../state/session.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'

const withUnit = ({ name, unit }: { readonly name: string; readonly unit: string }) =>
  formatUnit(unit) ? `${name}, ${formatUnit(unit)}` : name

/** Two columns of the sample against each other. Choosing a point goes to its date. */
export function SampleScatterChart({ scatter }: { readonly scatter: SampleScatter }) {
  const { x, y, n, of, size, counts, all, points } = scatter
  const brushed = useChartFilter((state) => state.ranges.samples)
  const lasso = useChartFilter((state) => state.lasso.samples)
  const [stepX, stepY] = [(x.high - x.low) / size, (y.high - y.low) / size]
  const cellsOf = (bins: readonly number[]) =>
    bins.flatMap((count, i) =>
      count > 0 ? [[x.low + ((i % size) + 0.5) * stepX, y.low + (Math.floor(i / size) + 0.5) * stepY, count]] : [],
    )
  const cells = cellsOf(counts)
  const isFiltered = n < of
  const axis = ({ name, unit }: { readonly name: string; readonly unit: string }) => {
    const range = brushed[name]
    return { kind: 'value' as const, name, unit, selected: range ? ([range.low, range.high] as const) : null }
  }
  const ramp = rampColours('moisture').filter((_, i) => i % 32 === 0 || i === 255)
  return (
    <Chart
      title={`${y.name} against ${x.name}`}
      description={`Scatter of ${formatCount(n)} rows: ${withUnit(y)} against ${withUnit(x)}`}
      caption={`n = ${formatCount(n)}${isFiltered ? ` of ${formatCount(of)} (filtered; the others pale)` : ''} rows${points ? '' : `, counted in ${size} × ${size} bins`}. Choose a point to go to its date.`}
      table={
        points
          ? {
              head: [x.name, y.name, 'day', 'place'],
              rows: points.map((each) => [each.x, each.y, each.day, each.place]),
            }
          : { head: [x.name, y.name, 'rows'], rows: cells }
      }
      height={300}
      onPick={({ data }) => {
        const point = points && Array.isArray(data) ? points[data[2] as number] : undefined
        if (point) session().set({ day: point.day })
      }}
      brush={{
        x: axis(x),
        y: axis(y),
        onBrush: (across, up) => {
          brushRange('samples', x.name, across && { low: across[0], high: across[1], unit: x.unit })
          brushRange('samples', y.name, up && { low: up[0], high: up[1], unit: y.unit })
        },
        lasso: {
          ring: lasso?.x === x.name && lasso.y === y.name ? lasso.ring : null,
          onLasso: (ring) => brushLasso('samples', ring && { x: x.name, y: y.name, ring }),
        },
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: {
          ...commonOptions(colours).tooltip,
          formatter: ({ data }: { data: number[] }) => {
            const point = points?.[data[2]]
            return point
              ? `${point.place} ${point.day}<br>${formatSignificant(point.x)} · ${formatSignificant(point.y)}`
              : `${data[2]} rows`
          },
        },
        // Ends are those of all rows, so that a brush moves no axis.
        xAxis: valueAxis(colours, withUnit(x), ends(x, colours.text2)),
        yAxis: valueAxis(colours, withUnit(y), { nameGap: 42, ...ends(y, colours.text2) }),
        ...(points
          ? {}
          : {
              visualMap: {
                show: false,
                min: 0,
                max: Math.log1p(Math.max(1, ...counts)),
                dimension: 3,
                seriesIndex: 1,
                inRange: { color: ramp.map((rgb) => `rgb(${rgb.join(',')})`) },
              },
            }),
        series: [
          {
            type: 'scatter',
            silent: true,
            symbol: 'rect',
            symbolSize: 5,
            itemStyle: { color: colours.line },
            data: isFiltered ? cellsOf(all) : [],
          },
          points
            ? {
                type: 'scatter',
                symbolSize: 4,
                itemStyle: { color: colours.text, opacity: 0.5 },
                data: points.map((each, i) => [each.x, each.y, i]),
              }
            : {
                type: 'scatter',
                symbol: 'rect',
                symbolSize: 5,
                data: cells.map((cell) => [...cell, Math.log1p(cell[2])]),
              },
        ],
      })}
    />
  )
}

function ends({ low, high }: { readonly low: number; readonly high: number }, color: string) {
  const pad = (high - low) * 0.03
  return {
    min: low - pad,
    max: high + pad,
    axisLabel: {
      color,
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: (value: number) => formatSignificant(value, 3),
    },
  }
}
