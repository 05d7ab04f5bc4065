import type { PrincipalComponents } from '../../../main/contract/index.ts'
import { brushLasso, brushRange, useChartFilter } from '../../state/chart-filter.ts'
import { session } from '../../state/session.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, valueAxis } from '../../widgets/charts/common-options.ts'
import { EmptyState } from '../../widgets/PanelState.tsx'
import { formatCount, formatNumber } from '../../widgets/format.ts'

const axes = ['PC1', 'PC2'] as const
const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

/** Rows of the sample on the first two principal components of the predictors, and each predictor as an arrow. */
export function BiplotChart({ components }: { readonly components: PrincipalComponents }) {
  const { predictors, shares, points, n, of, effectiveN, reach, left } = components
  const brushed = useChartFilter((state) => state.ranges.samples)
  const lasso = useChartFilter((state) => state.lasso.samples)
  if (shares.length < 2)
    return (
      <EmptyState>
        Principal components need two predictors that vary.{' '}
        {left.length > 0 && `${left.join(', ')} is the same everywhere.`}
      </EmptyState>
    )
  // One scale for both directions.
  const end = Math.max(...reach) * 1.08
  const length = end * 0.72
  const axis = (name: (typeof axes)[number]) => {
    const range = brushed[name]
    return { kind: 'value' as const, name, unit: '1', selected: range ? ([range.low, range.high] as const) : null }
  }
  return (
    <Chart
      title="Principal components"
      description={`Biplot of ${predictors.length} predictors, ${formatCount(n)} rows; the axes tell ${percent(shares[0])} and ${percent(shares[1])} of the variance`}
      caption={`n = ${formatCount(n)}${n < of ? ` of ${formatCount(of)} (filtered; axes of all)` : ''} rows, effective n ${formatCount(effectiveN)} of all (days at one place taken together). Predictors standardised; points: rows, variance 1 on either axis; arrows: correlation of a predictor with the axes, the circle is 1. Together ${percent(shares[0] + shares[1])} of the variance.${left.length > 0 ? ` Left out, because they do not vary: ${left.join(', ')}.` : ''}`}
      table={{
        head: ['predictor', 'correlation with PC1', 'correlation with PC2'],
        rows: predictors.map(({ name, x, y }) => [name, Number(x.toFixed(4)), Number(y.toFixed(4))]),
      }}
      height={380}
      onPick={({ data }) => {
        const point = Array.isArray(data) ? points[data[2] as number] : undefined
        if (point) session().set({ day: point.day })
      }}
      brush={{
        x: axis('PC1'),
        y: axis('PC2'),
        onBrush: (x, y) => {
          brushRange('samples', 'PC1', x && { low: x[0], high: x[1], unit: '1' })
          brushRange('samples', 'PC2', y && { low: y[0], high: y[1], unit: '1' })
        },
        lasso: {
          ring: lasso?.x === 'PC1' && lasso.y === 'PC2' ? lasso.ring : null,
          onLasso: (ring) => brushLasso('samples', ring && { x: 'PC1', y: 'PC2', ring }),
        },
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: {
          ...commonOptions(colours).tooltip,
          formatter: ({ data }: { data: number[] }) => {
            const point = points[data[2]]
            return `${point.place} ${point.day}<br>target ${formatNumber(point.target)}`
          },
        },
        xAxis: valueAxis(colours, `PC1, ${percent(shares[0])} of the variance`, ends(end, colours.text2)),
        yAxis: valueAxis(colours, `PC2, ${percent(shares[1])} of the variance`, {
          nameGap: 36,
          ...ends(end, colours.text2),
        }),
        series: [
          {
            type: 'scatter',
            symbolSize: 3,
            itemStyle: { color: colours.lineStrong, opacity: 0.55 },
            data: points.map(({ x, y }, i) => [x, y, i]),
          },
          {
            type: 'line',
            silent: true,
            symbol: 'none',
            lineStyle: { color: colours.line, width: 1 },
            data: circle(length),
          },
          ...predictors.map(({ x, y }) => ({
            type: 'line',
            silent: true,
            symbol: 'none',
            lineStyle: { color: colours.accent, width: 1.5 },
            data: [
              [0, 0],
              [x * length, y * length],
            ],
            markPoint: {
              silent: true,
              symbol: 'triangle',
              symbolSize: 9,
              symbolRotate: (Math.atan2(y, x) * 180) / Math.PI - 90,
              itemStyle: { color: colours.accent },
              label: { show: false },
              data: [{ coord: [x * length, y * length] }],
            },
          })),
          {
            type: 'scatter',
            silent: true,
            symbolSize: 1,
            itemStyle: { color: 'transparent' },
            data: labelPlaces(predictors, length, 0.13 * end).map(({ name, x, y }) => ({
              value: [x, y],
              label: {
                show: true,
                formatter: name,
                position: x < 0 ? 'left' : 'right',
                distance: 7,
                color: colours.text,
                fontSize: 12,
                fontWeight: 600,
                textBorderColor: colours.panel,
                textBorderWidth: 3,
              },
            })),
          },
        ],
      })}
    />
  )
}

/** Names at the heads of their arrows, on either side pushed apart upwards where they would lie on each other. */
function labelPlaces(predictors: PrincipalComponents['predictors'], length: number, apart: number) {
  return [(x: number) => x < 0, (x: number) => x >= 0].flatMap((isOnSide) => {
    let below = -Infinity
    return predictors
      .filter(({ x }) => isOnSide(x))
      .toSorted((a, b) => a.y - b.y)
      .map(({ name, x, y }) => {
        below = Math.max(y * length, below + apart)
        return { name, x: x * length, y: below }
      })
  })
}

function ends(end: number, color: string) {
  return {
    min: -end,
    max: end,
    scale: false,
    axisLabel: {
      color,
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: (value: number) => formatNumber(value, 1),
    },
  }
}

function circle(radius: number): [number, number][] {
  return Array.from({ length: 73 }, (_, i) => {
    const angle = (i * Math.PI) / 36
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
}
