import type { EChartsCoreOption } from 'echarts/core'
import type { ErrorSpread } from '../../../main/contract/index.ts'
import type { ChartColours } from '../../widgets/charts/chart-colours.ts'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatNumber } from '../../widgets/format.ts'
import { fewPairs } from './measures.ts'

export interface NamedBox extends ErrorSpread {
  readonly name: string
}

/** Box plots of predicted − observed beside each other, the bias as a diamond; the axis is symmetric about 0.
 *  @param hasCounts n of each box below its name */
export function errorBoxOption(
  colours: ChartColours,
  boxes: readonly NamedBox[],
  unit: string,
  hasCounts = false,
): EChartsCoreOption {
  const isTilted = boxes.length > 8
  const labelOf = ({ name, n }: NamedBox) =>
    !hasCounts ? name : isTilted ? `${name} (n ${n})` : `${name}\nn ${formatCount(n)}`
  const most = Math.max(...boxes.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]), 1e-6) * 1.05
  return {
    ...commonOptions(colours),
    grid: { left: 60, right: 16, top: 12, bottom: isTilted ? 62 : hasCounts ? 44 : 30 },
    tooltip: {
      ...commonOptions(colours).tooltip,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const { name, n, bias, rmse, median } = boxes[dataIndex]
        return `${name}, n ${n}<br>bias ${formatNumber(bias)}, RMSE ${formatNumber(rmse)}, median ${formatNumber(median)}`
      },
    },
    xAxis: nameAxis(colours, boxes.map(labelOf), {
      axisLabel: {
        color: colours.text2,
        rotate: isTilted ? 45 : 0,
        lineHeight: 15,
        width: 84,
        overflow: 'truncate',
        hideOverlap: !hasCounts || isTilted,
      },
    }),
    yAxis: valueAxis(colours, `Predicted − observed, ${unit}`, {
      min: -most,
      max: most,
      nameGap: 44,
      axisLabel: {
        color: colours.text2,
        formatter: (value: number) => formatNumber(value, 2),
        showMinLabel: false,
        showMaxLabel: false,
      },
    }),
    series: [
      {
        type: 'boxplot',
        boxWidth: [5, 26],
        data: boxes.map(({ n, low, q1, median, q3, high }) => ({
          value: [low, q1, median, q3, high],
          itemStyle: {
            color: n < fewPairs ? 'transparent' : colours.line,
            borderColor: colours.text,
            borderWidth: 1,
          },
        })),
      },
      {
        type: 'scatter',
        symbol: 'diamond',
        symbolSize: 7,
        itemStyle: { color: colours.accent },
        data: boxes.map(({ bias }) => bias),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        data: [],
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: colours.lineStrong, type: 'dashed', width: 1 },
          data: [{ yAxis: 0 }],
        },
      },
    ],
  }
}
