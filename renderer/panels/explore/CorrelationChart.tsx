import type { CorrelationMatrix } from '../../../main/contract/index.ts'
import { rampColours } from '../../../main/contract/index.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis } from '../../widgets/charts/common-options.ts'
import { formatCount, formatNumber } from '../../widgets/format.ts'

interface CorrelationChartProps {
  readonly matrix: CorrelationMatrix
  readonly onPick: (x: string, y: string) => void
}

/** R of every pair of columns; pale where p says that it may be chance. Choosing a cell shows its scatter. */
export function CorrelationChart({ matrix, onPick }: CorrelationChartProps) {
  const { names, r, p, effectiveN, rows, rowsRead, rowsOf } = matrix
  const size = names.length
  const cells = names.flatMap((_, i) =>
    names.flatMap((_, j) => (j < i && r[i * size + j] !== null ? [{ i, j, r: r[i * size + j] as number }] : [])),
  )
  const certain = (i: number, j: number) => (p[i * size + j] ?? 1) < 0.05
  const pText = (value: number | null) =>
    value === null ? 'p –' : value < 0.001 ? 'p < 0.001' : `p ${value.toFixed(3)}`
  const ramp = rampColours('difference').filter((_, i) => i % 15 === 0)
  return (
    <Chart
      title="Correlation"
      description={`Correlation matrix of ${size} columns, ${formatCount(rows)} rows`}
      caption={`Pearson's R of ${rows < rowsRead ? `${formatCount(rows)} filtered rows of a sample of ${formatCount(rowsRead)}` : `${formatCount(rows)} of ${formatCount(rowsOf)} rows`}. p takes neighbouring days at one place together (effective n); * p < 0.05. Choose a cell for its scatter.`}
      table={{
        head: ['a', 'b', 'R', 'p', 'effective n'],
        rows: cells.map(({ i, j, r: value }) => [names[i], names[j], value, p[i * size + j], effectiveN[i * size + j]]),
      }}
      height={Math.max(240, 26 * size + 110)}
      onPick={({ data }) => {
        const [j, i] = (data as { value: number[] }).value
        onPick(names[j], names[i])
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        grid: { left: 120, right: 16, top: 8, bottom: 90 },
        tooltip: {
          ...commonOptions(colours).tooltip,
          formatter: ({ data }: { data: { value: number[] } }) => {
            const [j, i, value] = data.value
            const at = i * size + j
            return `${names[i]} and ${names[j]}<br>R ${formatNumber(value, 2)}, ${pText(p[at])}, effective n ${Math.round(effectiveN[at] ?? 0)}`
          },
        },
        xAxis: nameAxis(colours, names.slice(0, -1), {
          axisLabel: { color: colours.text2, rotate: 40, interval: 0, width: 110, overflow: 'truncate' },
        }),
        yAxis: nameAxis(colours, names, {
          inverse: true,
          axisLabel: { color: colours.text2, interval: 0, width: 110, overflow: 'truncate' },
        }),
        visualMap: {
          show: false,
          min: -1,
          max: 1,
          dimension: 2,
          inRange: { color: ramp.map((rgb) => `rgb(${rgb.join(',')})`) },
        },
        series: [
          {
            type: 'heatmap',
            data: cells.map(({ i, j, r: value }) => ({
              value: [j, i, value],
              itemStyle: { opacity: certain(i, j) ? 1 : 0.35 },
            })),
            label: {
              show: size <= 13,
              color: '#1f1d1a',
              textBorderColor: '#ffffff',
              textBorderWidth: 2,
              fontSize: 10,
              formatter: ({ data }: { data: { value: number[] } }) => {
                const [j, i, value] = data.value
                return `${formatNumber(value, 2).replace('0.', '.')}${certain(i, j) ? '*' : ''}`
              },
            },
            emphasis: { itemStyle: { borderColor: colours.text, borderWidth: 1 } },
          },
        ],
      })}
    />
  )
}
