import type { Day } from '../../../main/contract/index.ts'
import type { ChartSeries } from '../SeriesChart.tsx'
import type { FigureSource } from '../figures/figure.ts'
import { formatUnit } from '../format.ts'
import { seriesWords } from '../series-words.ts'
import { chartFigure } from './chart-figure.ts'
import type { ChartColours } from './chart-colours.ts'
import { commonOptions, nameAxis, valueAxis } from './common-options.ts'

/** A series of a place as a figure: the window draws it with uPlot on a canvas, which has no vectors to hand out. */
export function seriesFigure(label: string, days: readonly Day[], series: readonly ChartSeries[]): FigureSource {
  const n = series.map(({ name, values }) => `${name} n = ${values.filter((value) => value !== null).length}`)
  const units = [...new Set(series.filter(({ kind }) => kind !== 'bars').map(({ unit }) => formatUnit(unit)))]
  const bars = series.find(({ kind }) => kind === 'bars')
  return chartFigure({
    title: label,
    caption: `${seriesWords(label, days, series)}. ${n.join(', ')}. Gaps are days without a value.`,
    option: (colours) => ({
      ...commonOptions(colours),
      legend: {
        top: 0,
        right: 0,
        textStyle: { color: colours.text2 },
        itemWidth: 18,
        data: series.map(({ name }) => name),
      },
      grid: { left: 52, right: bars ? 44 : 12, top: 28, bottom: 28 },
      xAxis: nameAxis(colours, days),
      yAxis: [
        valueAxis(colours, units.filter(Boolean).join(', '), { nameGap: 38 }),
        // Rain falls from above and takes the upper third.
        ...(bars
          ? [
              valueAxis(colours, formatUnit(bars.unit), {
                inverse: true,
                min: 0,
                max: 3 * Math.max(1, ...bars.values.map((value) => value ?? 0)),
                splitLine: { show: false },
              }),
            ]
          : []),
      ],
      series: series.flatMap((each) => drawn(each, colours)),
    }),
  })
}

function drawn({ id, name, kind, values, high }: ChartSeries, colours: ChartColours): object[] {
  if (kind === 'points') return [{ type: 'scatter', name, data: values, symbolSize: 4, color: colours.text }]
  if (kind === 'bars') return [{ type: 'bar', name, yAxisIndex: 1, data: values, color: colours.info }]
  if (kind === 'steps')
    return [{ type: 'line', name, data: values, step: 'end', symbol: 'none', color: colours.lineStrong }]
  if (kind === 'line') return [{ type: 'line', name, data: values, symbol: 'none', color: colours.accent }]
  const width = values.map((low, i) => (low === null || high?.[i] == null ? null : (high[i] ?? low) - low))
  const edge = { type: 'line', stack: id, symbol: 'none', lineStyle: { opacity: 0 }, stackStrategy: 'all' }
  return [
    { ...edge, name: `${name}, lower`, data: values },
    { ...edge, name, data: width, color: colours.accent, areaStyle: { color: colours.accent, opacity: 0.22 } },
  ]
}
