import type { ValidationPairs } from '../../../main/contract/index.ts'
import { HistogramChart, binWidth } from '../../widgets/charts/HistogramChart.tsx'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'

/** How the residuals (observed − predicted) are spread; the axis is symmetric about 0. */
export function ResidualsChart({ pairs }: { readonly pairs: ValidationPairs }) {
  const { residuals, unit, density, of } = pairs
  const shownUnit = formatUnit(unit)
  return (
    <HistogramChart
      title="Residuals"
      description={`Histogram of ${formatCount(density.n)} residuals from ${formatNumber(residuals.low)} to ${formatNumber(residuals.high)} ${shownUnit}`}
      counted="pairs"
      remark={`; observed − predicted in ${shownUnit}, so positive is where the map is too dry; bins of ${formatNumber(binWidth(residuals), 4)}.`}
      n={density.n}
      of={of}
      bins={residuals}
      scope="pairs"
      name="residual"
      unit={unit}
      axisTitle={`Observed − predicted, ${shownUnit}`}
      middleWords={(value) => formatNumber(value)}
    />
  )
}
