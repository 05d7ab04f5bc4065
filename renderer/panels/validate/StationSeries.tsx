import type { StationComparison } from '../../../main/contract/index.ts'
import { session } from '../../state/session.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatUnit } from '../../widgets/format.ts'

/** Observed dots, the fine map's line and the coarse product's steps at one station; gaps stay gaps. */
export function StationSeries({ series, name }: { readonly series: StationComparison; readonly name: string }) {
  const { days, observed, fine, coarse, unit } = series
  const n = observed.filter((value, i) => value !== null && fine[i] !== null).length
  return (
    <Chart
      title={`Series of ${name}`}
      description={`Series of ${days.length} days at ${name}: observed, fine map, coarse product; ${n} days with both`}
      caption={`${days[0]} to ${days.at(-1)}, ${formatUnit(unit)}; dots: observed; line: fine map; steps: coarse product; n = ${n} days with an observation and a map value.`}
      table={{
        head: ['day', 'observed', 'fine map', 'coarse product'],
        rows: days.map((day, i) => [day, observed[i], fine[i], coarse[i]]),
      }}
      height={260}
      onPick={({ dataIndex }) => days[dataIndex] && session().set({ day: days[dataIndex] })}
      option={(colours) => ({
        ...commonOptions(colours),
        tooltip: { ...commonOptions(colours).tooltip, trigger: 'axis' },
        legend: { top: 0, right: 0, textStyle: { color: colours.text2 }, itemWidth: 18 },
        grid: { left: 56, right: 16, top: 28, bottom: 28 },
        xAxis: nameAxis(colours, days),
        yAxis: valueAxis(colours, formatUnit(unit), { nameGap: 42 }),
        dataZoom: [{ type: 'inside' }],
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
          { type: 'scatter', name: 'observed', data: observed, symbolSize: 5, color: colours.text },
        ],
      })}
    />
  )
}
