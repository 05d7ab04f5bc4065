import type { CorrelationMatrix } from '../../../main/contract/index.ts'
import { brushRange, useChartFilter } from '../../state/chart-filter.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'

/** How the values of one column of the sample are spread. */
export function HistogramChart({ matrix, column }: { readonly matrix: CorrelationMatrix; readonly column: string }) {
  const at = matrix.names.indexOf(column)
  const { low, high, counts, all } = matrix.histograms[at]
  const brushed = useChartFilter((state) => state.ranges.samples[column])
  const width = (high - low) / counts.length
  const centres = counts.map((_, i) => low + (i + 0.5) * width)
  const unit = formatUnit(matrix.units[at])
  const n = counts.reduce((sum, count) => sum + count, 0)
  const of = all.reduce((sum, count) => sum + count, 0)
  const isFiltered = n < of
  return (
    <Chart
      title={`Histogram of ${column}`}
      description={`Histogram of ${formatCount(n)} values of ${column} from ${formatSignificant(low)} to ${formatSignificant(high)} ${unit}`}
      caption={`n = ${formatCount(n)}${isFiltered ? ` of ${formatCount(of)} (filtered; all of them pale)` : ''} rows; ${unit || 'no unit'}; ${counts.length} equal bins.`}
      table={{
        head: [column, 'rows', 'before the filter'],
        rows: centres.map((centre, i) => [Number(centre.toPrecision(5)), counts[i], all[i]]),
      }}
      height={300}
      brush={{
        x: {
          kind: 'bins',
          name: column,
          unit: matrix.units[at],
          low,
          width,
          count: counts.length,
          selected: brushed ? [brushed.low, brushed.high] : null,
        },
        y: null,
        onBrush: (x) => brushRange('samples', column, x && { low: x[0], high: x[1], unit: matrix.units[at] }),
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: { ...commonOptions(colours).tooltip, trigger: 'axis' },
        xAxis: nameAxis(
          colours,
          centres.map((centre) => formatSignificant(centre, 3)),
          { name: unit, nameLocation: 'middle', nameGap: 30, nameTextStyle: { color: colours.text2 } },
        ),
        yAxis: valueAxis(colours, 'Rows', { nameGap: 42, scale: false }),
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
            name: 'rows',
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
