import { useState } from 'react'
import type { ErrorBox, ValidationPairs, ValidationSummary } from '../../../main/contract/index.ts'
import { useChartFilter } from '../../state/chart-filter.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import type { AxisSpan } from '../../widgets/charts/brush.ts'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { Select } from '../../widgets/fields.tsx'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'
import { fewPairs } from './measures.ts'
import { selectStation } from './validate-state.ts'

interface ErrorBoxesChartProps {
  readonly pairs: ValidationPairs
  readonly validation: ValidationSummary
}

/** Months of the year of each meteorological season. */
const seasonMonths: Readonly<Record<string, readonly number[]>> = {
  DJF: [1, 2, 12],
  MAM: [3, 4, 5],
  JJA: [6, 7, 8],
  SON: [9, 10, 11],
}

/** How errors are spread at each station, in each month or season; the axis is symmetric about 0, the widest boxes first. */
export function ErrorBoxesChart({ pairs, validation }: ErrorBoxesChartProps) {
  const hasStations = validation.stations.length > 0
  const [by, setBy] = useState<ErrorBox['by']>(hasStations ? 'station' : 'month')
  const filter = useChartFilter()
  const boxes = pairs.boxes.filter((box) => box.by === by)
  const sorted = by === 'station' ? boxes.toSorted((a, b) => b.rmse - a.rmse) : boxes
  const unit = formatUnit(pairs.unit)
  const most = Math.max(...sorted.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]), 1e-6) * 1.05
  const few = sorted.filter(({ n }) => n < fewPairs).length
  const idsOf = ([from, to]: AxisSpan) => sorted.slice(from, to + 1).map(({ id }) => id)
  const brush = (span: AxisSpan | null) => {
    const ids = span && idsOf(span)
    if (by === 'station') useChartFilter.setState({ places: ids && { set: validation.reference, ids } })
    else {
      const months = ids?.flatMap((id) => seasonMonths[id] ?? [Number(id)]).sort((a, b) => a - b)
      useChartFilter.setState({ months: months ?? null })
    }
  }
  const isOn = by === 'station' ? filter.places !== null : filter.months !== null
  return (
    <Chart
      title={`Error by ${by}`}
      description={`Box plots of predicted − observed for ${sorted.length} ${by}s, ${formatCount(pairs.density.n)} pairs`}
      caption={`n = ${formatCount(pairs.density.n)} pairs; error = predicted − observed in ${unit}, so positive is too wet. Box: quartiles; whiskers: last error within 1.5 interquartile ranges; diamond: bias.${by === 'season' ? ' Seasons by the first letters of their months.' : ''}${few > 0 ? ` ${few} of ${sorted.length} with fewer than ${fewPairs} pairs, drawn hollow.` : ''}`}
      table={{
        head: [by, 'n', 'bias', 'RMSE', 'lower whisker', 'quartile 1', 'median', 'quartile 3', 'upper whisker'],
        rows: sorted.map(({ name, n, bias, rmse, low, q1, median, q3, high }) => [
          name,
          n,
          ...[bias, rmse, low, q1, median, q3, high].map((value) => Number(value.toFixed(5))),
        ]),
      }}
      height={300}
      controls={
        <Select
          label="Groups"
          isLabelHidden
          value={by}
          onChange={setBy}
          choices={[
            { id: 'station', name: 'by station', isDisabled: !hasStations },
            { id: 'month', name: 'by month' },
            { id: 'season', name: 'by season' },
          ]}
        />
      }
      onPick={({ dataIndex }) => {
        const box = sorted[dataIndex]
        if (box && by === 'station') selectStation(validation, box.id)
      }}
      brush={{
        x: {
          kind: 'names',
          name: by[0].toUpperCase() + by.slice(1),
          names: sorted.map(({ name }) => name),
          selected: isOn ? [0, sorted.length - 1] : null,
        },
        y: null,
        onBrush: brush,
      }}
      option={(colours) => ({
        ...commonOptions(colours),
        grid: { left: 60, right: 16, top: 12, bottom: sorted.length > 8 ? 62 : 30 },
        tooltip: {
          ...commonOptions(colours).tooltip,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const { name, n, bias, rmse, median } = sorted[dataIndex]
            return `${name}, n ${n}<br>bias ${formatNumber(bias)}, RMSE ${formatNumber(rmse)}, median ${formatNumber(median)}`
          },
        },
        xAxis: nameAxis(
          colours,
          sorted.map(({ name }) => name),
          {
            axisLabel: {
              color: colours.text2,
              rotate: sorted.length > 8 ? 45 : 0,
              width: 84,
              overflow: 'truncate',
              hideOverlap: true,
            },
          },
        ),
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
            data: sorted.map(({ n, low, q1, median, q3, high }) => ({
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
            data: sorted.map(({ bias }) => bias),
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
      })}
    />
  )
}
