import type { PairPoint, StationComparison } from '../../../main/contract/index.ts'
import { session, useSession } from '../../state/session.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatUnit } from '../../widgets/format.ts'

interface StationSeriesProps {
  readonly series: StationComparison
  readonly name: string
  /** Pairs of this station that pass the filter; null when they are too many to tell. */
  readonly left: readonly PairPoint[] | null
}

/** Observed dots, the fine map's line and the coarse product's steps at one station; gaps stay gaps. */
export function StationSeries({ series, name, left }: StationSeriesProps) {
  const period = useSession((state) => state.period)
  const { days, observed, fine, coarse, unit } = series
  const n = observed.filter((value, i) => value !== null && fine[i] !== null).length
  const kept = left && new Set(left.map(({ day }) => day))
  const inPeriod = [...days.keys()].filter((i) => period && days[i] >= period.from && days[i] <= period.to)
  return (
    <Chart
      title={`Series of ${name}`}
      description={`Series of ${days.length} days at ${name}: observed, fine map, coarse product; ${n} days with both`}
      caption={`${days[0]} to ${days.at(-1)}, ${formatUnit(unit)}; dots: observed${kept && kept.size < n ? ', pale where the filter leaves them out' : ''}; line: fine map; steps: coarse product; n = ${n} days with an observation and a map value.`}
      table={{
        head: ['day', 'observed', 'fine map', 'coarse product'],
        rows: days.map((day, i) => [day, observed[i], fine[i], coarse[i]]),
      }}
      height={260}
      brush={{
        x: {
          kind: 'names',
          name: 'Day',
          names: days,
          selected: inPeriod.length > 0 ? [inPeriod[0], inPeriod[inPeriod.length - 1]] : null,
        },
        y: null,
        onBrush: (span) => session().set({ period: span && { from: days[span[0]], to: days[span[1]] } }),
      }}
      onPick={({ dataIndex }) => days[dataIndex] && session().set({ day: days[dataIndex] })}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: { ...commonOptions(colours).tooltip, trigger: 'axis' },
        legend: { top: 0, right: 0, textStyle: { color: colours.text2 }, itemWidth: 18 },
        grid: { left: 56, right: 16, top: 28, bottom: 28 },
        xAxis: nameAxis(colours, days),
        yAxis: valueAxis(colours, formatUnit(unit), { nameGap: 42 }),
        series: [
          {
            type: 'line',
            name: 'coarse product',
            data: coarse,
            step: 'middle',
            symbol: 'none',
            color: colours.lineStrong,
          },
          { type: 'line', name: 'fine map', data: fine, symbol: 'none', color: colours.accent },
          {
            type: 'scatter',
            name: 'observed',
            data: observed.map((value, i) => ({
              value,
              itemStyle: { opacity: kept && fine[i] !== null && !kept.has(days[i]) ? 0.25 : 1 },
            })),
            symbolSize: 5,
            color: colours.text,
          },
        ],
      })}
    />
  )
}
