import type { ScoreRow } from '../../../main/contract/index.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatUnit } from '../../widgets/format.ts'

/** Error of the fine map and of the coarse product, month by month. */
export function MonthsChart({ rows, unit }: { readonly rows: readonly ScoreRow[]; readonly unit: string }) {
  const ofMonths = rows.filter(({ part }) => part.startsWith('month:'))
  const months = [...new Set(ofMonths.map(({ part }) => part.slice(6)))].sort()
  const rmse = (subject: string) =>
    months.map((month) => {
      const row = ofMonths.find((each) => each.part === `month:${month}` && each.subject === subject)
      return row ? row.scores.measures.rmse.value : null
    })
  const [fine, coarse] = [rmse('fine map'), rmse('coarse product')]
  return (
    <Chart
      title="Error by month"
      description={`Lines over ${months.length} months: RMSE of the fine map and the coarse product`}
      caption={`RMSE in ${formatUnit(unit)} of all pairs of a month; the coarse product on the same pairs.`}
      table={{
        head: ['month', 'fine map', 'coarse product'],
        rows: months.map((month, i) => [month, fine[i], coarse[i]]),
      }}
      height={260}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: { ...commonOptions(colours).tooltip, trigger: 'axis' },
        legend: { top: 0, right: 0, textStyle: { color: colours.text2 }, itemWidth: 18 },
        grid: { left: 56, right: 16, top: 28, bottom: 28 },
        xAxis: nameAxis(colours, months),
        yAxis: valueAxis(colours, `RMSE, ${formatUnit(unit)}`, { scale: false, nameGap: 42 }),
        series: [
          { type: 'line', name: 'fine map', data: fine, symbol: 'circle', symbolSize: 6, color: colours.accent },
          {
            type: 'line',
            name: 'coarse product',
            data: coarse,
            symbol: 'rect',
            symbolSize: 6,
            step: 'middle',
            color: colours.lineStrong,
          },
        ],
      })}
    />
  )
}
