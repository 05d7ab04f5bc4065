import type { ValidationPairs } from '../../../main/contract/index.ts'
import { brushLasso, brushRange, useChartFilter } from '../../state/chart-filter.ts'
import { session } from '../../state/session.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'
import { rampColours } from '../../../main/contract/index.ts'
import { measureText } from './measures.ts'

const subjectNames = { fine: 'Fine map', coarse: 'Coarse product', smoothed: 'Coarse product, smoothed' }

/** Predicted against observed with the 1:1 line: points while they are few, density beyond. Choosing a point chooses its day and
 *  station everywhere. */
export function PairsChart({
  pairs,
  onStation,
}: {
  readonly pairs: ValidationPairs
  readonly onStation: (station: string) => void
}) {
  const { density, points, scores, unit, subject } = pairs
  const { low, high, size, counts, all } = density
  const brushed = useChartFilter((state) => state.ranges.pairs)
  const lasso = useChartFilter((state) => state.lasso.pairs)
  const pad = (high - low) * 0.03
  const [from, to] = [low - pad, high + pad]
  const r = measureText(scores.measures.pearsonR)
  const shownUnit = formatUnit(unit)
  const most = Math.max(1, ...counts)
  const cell = (high - low) / size
  const ramp = rampColours('moisture').filter((_, i) => i % 32 === 0 || i === 255)
  const cellsOf = (of: readonly number[]) =>
    of.flatMap((count, i) =>
      count > 0 ? [[low + ((i % size) + 0.5) * cell, low + (Math.floor(i / size) + 0.5) * cell, count]] : [],
    )
  const cells = cellsOf(counts)
  const isFiltered = density.n < pairs.of
  const axis = (name: string) => ({ kind: 'value' as const, name, unit, selected: spanOf(brushed[name]) })
  return (
    <Chart
      title={`${subjectNames[subject]} against observed`}
      description={`Scatter, ${formatCount(density.n)} pairs, R ${r}, RMSE ${measureText(scores.measures.rmse)} ${shownUnit}`}
      caption={`n = ${formatCount(density.n)}${isFiltered ? ` of ${formatCount(pairs.of)} (filtered; the others pale)` : ''} pairs of ${scores.groups} groups${points ? '' : `, counted in ${size} × ${size} bins`}; both axes in ${shownUnit}; R ${r}; bias ${measureText(scores.measures.bias)} (predicted − observed, positive is too wet). Line: 1:1.`}
      table={
        points
          ? {
              head: ['observed', 'predicted', 'day', 'station'],
              rows: points.map((point) => [point.observed, point.predicted, point.day, point.station]),
            }
          : { head: ['observed', 'predicted', 'pairs'], rows: cells }
      }
      height={300}
      onPick={({ data }) => {
        const point = points && Array.isArray(data) ? points[data[2] as number] : undefined
        if (!point) return
        session().set({ day: point.day })
        if (point.station) onStation(point.station)
      }}
      brush={{
        x: axis('observed'),
        y: axis('predicted'),
        onBrush: (x, y) => {
          brushRange('pairs', 'observed', x && { low: x[0], high: x[1], unit })
          brushRange('pairs', 'predicted', y && { low: y[0], high: y[1], unit })
        },
        lasso: {
          ring: lasso?.x === 'observed' && lasso.y === 'predicted' ? lasso.ring : null,
          onLasso: (ring) => brushLasso('pairs', ring && { x: 'observed', y: 'predicted', ring }),
        },
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: {
          ...commonOptions(colours).tooltip,
          formatter: ({ data }: { data: number[] }) => {
            const point = points?.[data[2]]
            return point
              ? `${point.station ?? ''} ${point.day}<br>observed ${formatNumber(point.observed)}, predicted ${formatNumber(point.predicted)}`
              : `${data[2]} pairs near observed ${formatNumber(data[0])}, predicted ${formatNumber(data[1])}`
          },
        },
        xAxis: valueAxis(colours, `Observed, ${shownUnit}`, { min: from, max: to, axisLabel: tick(colours.text2) }),
        yAxis: valueAxis(colours, `Predicted, ${shownUnit}`, {
          min: from,
          max: to,
          nameGap: 42,
          axisLabel: tick(colours.text2),
        }),
        ...(points
          ? {}
          : {
              visualMap: {
                show: false,
                min: 0,
                max: Math.log1p(most),
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
                symbolSize: 5,
                itemStyle: { color: colours.text, opacity: 0.55 },
                data: points.map(({ observed, predicted }, i) => [observed, predicted, i]),
              }
            : {
                type: 'scatter',
                symbol: 'rect',
                symbolSize: 5,
                data: cells.map(([x, y, count]) => [x, y, count, Math.log1p(count)]),
              },
          {
            type: 'line',
            silent: true,
            symbol: 'none',
            lineStyle: { color: colours.lineStrong, type: 'dashed', width: 1 },
            data: [
              [from, from],
              [to, to],
            ],
          },
        ],
      })}
    />
  )
}

const spanOf = (range: { readonly low: number; readonly high: number } | undefined) =>
  range ? ([range.low, range.high] as const) : null

function tick(color: string) {
  return {
    color,
    hideOverlap: true,
    showMinLabel: false,
    showMaxLabel: false,
    formatter: (value: number) => String(Number(value.toPrecision(3))),
  }
}
