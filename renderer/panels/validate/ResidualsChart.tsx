import type { ValidationPairs } from '../../../main/contract/index.ts'
import { brushRange, useChartFilter } from '../../state/chart-filter.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'

/** How the residuals (observed − predicted) are spread; the axis is symmetric about 0. */
export function ResidualsChart({ pairs }: { readonly pairs: ValidationPairs }) {
  const { residuals, unit, density } = pairs
  const { low, high, counts, all } = residuals
  const brushed = useChartFilter((state) => state.ranges.pairs.residual)
  const isFiltered = density.n < pairs.of
  const width = (high - low) / counts.length
  const centres = counts.map((_, i) => low + (i + 0.5) * width)
  return (
    <Chart
      title="Residuals"
      description={`Histogram of ${formatCount(density.n)} residuals from ${formatNumber(low)} to ${formatNumber(high)} ${formatUnit(unit)}`}
      caption={`n = ${formatCount(density.n)}${isFiltered ? ` of ${formatCount(pairs.of)} (filtered; all of them pale)` : ''}; observed − predicted in ${formatUnit(unit)}, so positive is where the map is too dry; bins of ${formatNumber(width, 4)}.`}
      table={{
        head: ['residual', 'pairs', 'before the filter'],
        rows: centres.map((centre, i) => [Number(centre.toPrecision(4)), counts[i], all[i]]),
      }}
      height={300}
      brush={{
        x: {
          kind: 'bins',
          name: 'residual',
          unit,
          low,
          width,
          count: counts.length,
          selected: brushed ? [brushed.low, brushed.high] : null,
        },
        y: null,
        onBrush: (x) => brushRange('pairs', 'residual', x && { low: x[0], high: x[1], unit }),
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: { ...commonOptions(colours).tooltip, trigger: 'axis' },
        xAxis: nameAxis(
          colours,
          centres.map((centre) => formatNumber(centre)),
          {
            name: `Observed − predicted, ${formatUnit(unit)}`,
            nameLocation: 'middle',
            nameGap: 30,
            nameTextStyle: { color: colours.text2 },
          },
        ),
        yAxis: valueAxis(colours, 'Pairs', { nameGap: 42, scale: false }),
        series: [
          ...(isFiltered
            ? [
                {
                  type: 'bar',
                  name: 'before the filter',
                  barWidth: '92%',
                  barGap: '-100%',
                  z: 1,
                  itemStyle: { color: colours.line },
                  data: all,
                },
              ]
            : []),
          {
            type: 'bar',
            name: 'pairs',
            barWidth: '92%',
            barGap: '-100%',
            itemStyle: { color: colours.accent },
            data: counts,
          },
        ],
      })}
    />
  )
}
