import type { CorrelationMatrix } from '../../../main/contract/index.ts'
import { HistogramChart } from '../../widgets/charts/HistogramChart.tsx'
import { formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

/** How the values of one column of the sample are spread. */
export function ColumnChart({ matrix, column }: { readonly matrix: CorrelationMatrix; readonly column: string }) {
  const at = matrix.names.indexOf(column)
  const bins = matrix.histograms[at]
  const unit = formatUnit(matrix.units[at])
  const n = sum(bins.counts)
  return (
    <HistogramChart
      title={`Histogram of ${column}`}
      description={`Histogram of ${formatCount(n)} values of ${column} from ${formatSignificant(bins.low)} to ${formatSignificant(bins.high)} ${unit}`}
      counted="rows"
      remark={` rows; ${unit || 'no unit'}; ${bins.counts.length} equal bins.`}
      n={n}
      of={sum(bins.all)}
      bins={bins}
      scope="samples"
      name={column}
      unit={matrix.units[at]}
      axisTitle={unit}
      middleWords={(value) => formatSignificant(value, 3)}
    />
  )
}
