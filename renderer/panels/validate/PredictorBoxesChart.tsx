import type { ReactNode } from 'react'
import type { ErrorsByPredictor, PredictorBox, ValidationSummary } from '../../../main/contract/index.ts'
import { brushRange, useChartFilter } from '../../state/chart-filter.ts'
import { EmptyState, ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { Chart } from '../../widgets/charts/Chart.tsx'
import type { AxisSpan } from '../../widgets/charts/brush.ts'
import { formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'
import { errorBoxOption } from './error-box-option.ts'
import { fewPairs } from './measures.ts'
import { useErrorsByPredictor } from './validate-state.ts'

interface PredictorBoxesChartProps {
  readonly run: string
  readonly validation: ValidationSummary
  readonly predictor: ValidationSummary['predictors'][number]
  readonly controls: ReactNode
}

/** How errors are spread by what a predictor is at the stations: by class, by quarter of the compass, or by thirds. A box of few pairs
 *  is not drawn, and the caption says so. */
export function PredictorBoxesChart({ run, validation, predictor, controls }: PredictorBoxesChartProps) {
  const { name, unit } = predictor
  const found = useErrorsByPredictor(run, validation, name)
  const brushed = useChartFilter((state) => state.ranges.samples[name])
  const errors = found.data
  const drawn = errors?.boxes.filter(({ n }) => n >= fewPairs) ?? []
  if (!errors || drawn.length === 0)
    return (
      <div className="validate-waiting">
        {controls}
        {found.error ? (
          <ErrorStrip fault={found.error} onRetry={() => void found.refetch()} />
        ) : errors ? (
          <EmptyState>
            No box has {fewPairs} pairs: {hiddenWords(errors)}. Fewer are too few to judge by.
          </EmptyState>
        ) : (
          <LoadingRows label={`Reading ${name} at the stations`} />
        )}
      </div>
    )
  const named = drawn.map((box) => ({ ...box, name: boxName(box, errors) }))
  const shown = formatUnit(validation.unit)
  const few = hiddenWords(errors)
  const brush = (span: AxisSpan | null) =>
    brushRange('samples', name, span && { low: drawn[span[0]].from, high: drawn[span[1]].to, unit })
  const inRange = [...drawn.keys()].filter(
    (i) => brushed && drawn[i].from >= brushed.low && drawn[i].to <= brushed.high,
  )
  return (
    <Chart
      title={`Error by ${name}`}
      description={`Box plots of predicted − observed for ${drawn.length} groups of ${name}, ${formatCount(errors.n)} pairs`}
      caption={`n = ${formatCount(errors.n)} pairs, that of a box below its name; error = predicted − observed in ${shown}, so positive is too wet. ${groupWords(errors)} Box: quartiles; whiskers: last error within 1.5 interquartile ranges; diamond: bias.${few ? ` Not drawn, with fewer than ${fewPairs} pairs: ${few}.` : ''}${errors.without > 0 ? ` ${formatCount(errors.without)} pairs where ${name} has no value are left out.` : ''}`}
      table={{
        head: [
          name,
          'from',
          'to',
          'n',
          'bias',
          'RMSE',
          'lower whisker',
          'quartile 1',
          'median',
          'quartile 3',
          'upper whisker',
        ],
        rows: named.map(({ name: group, from, to, n, bias, rmse, low, q1, median, q3, high }) => [
          group,
          from,
          to,
          n,
          ...[bias, rmse, low, q1, median, q3, high].map((value) => Number(value.toFixed(5))),
        ]),
      }}
      height={300}
      controls={controls}
      brush={{
        x: {
          kind: 'names',
          name,
          names: named.map((box) => box.name),
          selected: inRange.length > 0 ? [inRange[0], inRange[inRange.length - 1]] : null,
        },
        y: null,
        onBrush: brush,
      }}
      option={(colours) => errorBoxOption(colours, named, shown, true)}
    />
  )
}

function groupWords({ kind, predictor, unit }: ErrorsByPredictor): string {
  if (kind === 'categorical') return `Classes of ${predictor} at the stations.`
  if (kind === 'circular') return `${predictor} at the stations in quarters of the compass.`
  return `Thirds of all pairs by ${predictor}${unit && unit !== '1' ? ` (${formatUnit(unit)})` : ''} in the fine cell of the station on the day.`
}

/** `class 4`, `0°–90°`, `1.2 to 3.4`. */
function boxName({ from, to }: PredictorBox, { kind }: ErrorsByPredictor): string {
  if (kind === 'categorical') return `class ${formatSignificant(from, 6)}`
  if (kind === 'circular') {
    const quarter = Math.floor((((((from + to) / 2) % 360) + 360) % 360) / 90)
    return `${90 * quarter}°–${90 * (quarter + 1)}°`
  }
  const [low, high] = [formatSignificant(from, 3), formatSignificant(to, 3)]
  return low === high ? low : `${low} to ${high}`
}

/** Boxes with few pairs by name and n; empty when there is none. */
function hiddenWords(errors: ErrorsByPredictor): string {
  return errors.boxes
    .filter(({ n }) => n < fewPairs)
    .map((box) => `${boxName(box, errors)} (n ${box.n})`)
    .join(', ')
}
