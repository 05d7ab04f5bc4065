import type { RunFindings } from '../../../main/contract/index.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import { commonOptions, nameAxis, valueAxis } from '../../widgets/charts/common-options.ts'
import { formatSignificant, formatUnit } from '../../widgets/format.ts'

/** What each predictor is worth on rows the model has not seen, with its spread over folds. */
export function ImportanceChart({ findings, unit }: { readonly findings: RunFindings; readonly unit: string }) {
  const rows = findings.importance.toReversed()
  const squared = `(${formatUnit(unit)})²`
  return (
    <Chart
      title="Importance of predictors"
      description={`Bars, ${rows.length} predictors, the strongest ${findings.importance[0]?.predictor ?? 'none'}`}
      caption={`Rise of the mean squared error on held-out rows when a predictor's values are drawn anew, ${squared}; whiskers: ± standard deviation over folds. n = ${findings.rows} rows.`}
      table={{
        head: ['predictor', 'held out', 'sd over folds', 'out of bag', 'share in training'],
        rows: findings.importance.map((each) => [
          each.predictor,
          each.heldOut,
          each.heldOutSd,
          each.permutation,
          each.impurity,
        ]),
      }}
      height={Math.max(200, 28 * rows.length + 60)}
      option={(colours) => ({
        ...commonOptions(colours),
        grid: { left: 110, right: 24, top: 8, bottom: 44 },
        tooltip: { ...commonOptions(colours).tooltip },
        xAxis: valueAxis(colours, `Rise of squared error, ${squared}`, {
          scale: false,
          axisLabel: {
            color: colours.text2,
            hideOverlap: true,
            formatter: (value: number) => formatSignificant(value, 2),
          },
        }),
        yAxis: nameAxis(
          colours,
          rows.map(({ predictor }) => predictor),
          {
            axisLabel: { color: colours.text2, width: 96, overflow: 'truncate' },
          },
        ),
        series: [
          {
            type: 'bar',
            name: 'held out',
            barMaxWidth: 14,
            itemStyle: { color: colours.accent },
            data: rows.map(({ heldOut }) => heldOut),
          },
          {
            type: 'custom',
            name: 'sd',
            silent: true,
            data: rows.map(({ heldOut, heldOutSd }, i) => [i, heldOut - (heldOutSd ?? 0), heldOut + (heldOutSd ?? 0)]),
            encode: { x: [1, 2], y: 0 },
            renderItem: whisker(colours.text),
          },
        ],
      })}
    />
  )
}

interface CustomApi {
  value(dimension: number): number
  coord(point: readonly number[]): number[]
}

/** A horizontal line with ends from the 2nd to the 3rd number of a datum, at the row its first names. */
function whisker(colour: string) {
  return (_params: unknown, api: CustomApi) => {
    const [left, y] = api.coord([api.value(1), api.value(0)])
    const [right] = api.coord([api.value(2), api.value(0)])
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: { stroke: colour, lineWidth: 1 },
    })
    return {
      type: 'group',
      children: [line(left, y, right, y), line(left, y - 3, left, y + 3), line(right, y - 3, right, y + 3)],
    }
  }
}
