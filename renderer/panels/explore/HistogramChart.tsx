import type { CorrelationMatrix } from '../../../main/contract/index.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'

/** How the values of one column of the sample are spread. */
export function HistogramChart({ matrix, column }: { readonly matrix: CorrelationMatrix; readonly column: string }) {
  const at = matrix.names.indexOf(column)
  const { low, high, counts } = matrix.histograms[at]
  const width = (high - low) / counts.length
  const centres = counts.map((_, i) => low + (i + 0.5) * width)
  const unit = formatUnit(matrix.units[at])
  const n = counts.reduce((sum, count) => sum + count, 0)
  return (
    <Chart
      title={`Histogram of ${column}`}
      description={`Histogram of ${formatCount(n)} values of ${column} from ${formatSignificant(low)} to ${formatSignificant(high)} ${unit}`}
      caption={`n = ${formatCount(n)} rows; ${unit || 'no unit'}; ${counts.length} equal bins.`}
      table={{ head: [column, 'rows'], rows: centres.map((centre, i) => [Number(centre.toPrecision(5)), counts[i]]) }}
      height={300}
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
          { type: 'bar', name: 'rows', barCategoryGap: '8%', itemStyle: { color: colours.accent }, data: counts },
        ],
      })}
    />
  )
}
