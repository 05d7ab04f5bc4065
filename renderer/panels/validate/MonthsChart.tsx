import type { Day, ScoreRow, ValidationPairs } from '../../../main/contract/index.ts'
import { session, useSession } from '../../state/session.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatUnit } from '../../widgets/format.ts'

interface MonthsChartProps {
  readonly rows: readonly ScoreRow[]
  readonly unit: string
  /** Of the pairs that are left while something is filtered. */
  readonly filtered: ValidationPairs['months'] | undefined
}

interface MonthErrors {
  readonly months: readonly string[]
  readonly n: readonly (number | null)[]
  readonly fine: readonly (number | null)[]
  readonly coarse: readonly (number | null)[]
}

/** Error of the fine map and of the coarse product, month by month: as the run keeps it, or of what is filtered. */
export function MonthsChart({ rows, unit, filtered }: MonthsChartProps) {
  const period = useSession((state) => state.period)
  const stored = monthsOf(rows)
  const { months, n, fine, coarse } = filtered ? filteredMonths(stored.months, filtered) : stored
  const pairs = n.reduce<number>((sum, each) => sum + (each ?? 0), 0)
  const inPeriod = [...months.keys()].filter(
    (i) => period && months[i] >= period.from.slice(0, 7) && months[i] <= period.to.slice(0, 7),
  )
  return (
    <Chart
      title="Error by calendar month"
      description={`Lines over ${months.length} months: RMSE of the fine map and the coarse product`}
      caption={`RMSE in ${formatUnit(unit)} of ${filtered ? 'the filtered pairs' : 'all pairs'} of a month, n = ${pairs}; √mean((predicted − observed)²), smaller is better; the coarse product on the same pairs.`}
      table={{
        head: ['month', 'n', 'fine map', 'coarse product'],
        rows: months.map((month, i) => [month, n[i], fine[i], coarse[i]]),
      }}
      height={260}
      brush={{
        x: {
          kind: 'names',
          name: 'Month',
          names: months,
          selected: inPeriod.length > 0 ? [inPeriod[0], inPeriod[inPeriod.length - 1]] : null,
        },
        y: null,
        onBrush: (span) =>
          session().set({
            period: span && { from: `${months[span[0]]}-01` as Day, to: lastDayOf(months[span[1]]) },
          }),
      }}
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

function monthsOf(rows: readonly ScoreRow[]): MonthErrors {
  const ofMonths = rows.filter(({ part }) => part.startsWith('month:'))
  const months = [...new Set(ofMonths.map(({ part }) => part.slice(6)))].sort()
  const scores = (subject: string) =>
    months.map((month) => ofMonths.find((each) => each.part === `month:${month}` && each.subject === subject)?.scores)
  const fine = scores('fine map')
  return {
    months,
    n: fine.map((each) => each?.n ?? null),
    fine: fine.map((each) => each?.measures.rmse.value ?? null),
    coarse: scores('coarse product').map((each) => each?.measures.rmse.value ?? null),
  }
}

/** On the axis of all months, so that a brush moves nothing. */
function filteredMonths(months: readonly string[], filtered: ValidationPairs['months']): MonthErrors {
  const found = months.map((month) => filtered.find((each) => each.month === month))
  return {
    months,
    n: found.map((each) => each?.n ?? 0),
    fine: found.map((each) => each?.fine ?? null),
    coarse: found.map((each) => each?.coarse ?? null),
  }
}

function lastDayOf(month: string): Day {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) as Day
}
