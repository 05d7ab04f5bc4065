import { useState } from 'react'
import type { ReactNode } from 'react'
import type { ErrorBox, ValidationPairs, ValidationSummary } from '../../../main/contract/index.ts'
import { useChartFilter } from '../../state/chart-filter.ts'
import { Chart } from '../../widgets/charts/Chart.tsx'
import type { AxisSpan } from '../../widgets/charts/brush.ts'
import { Select } from '../../widgets/fields.tsx'
import { formatCount, formatUnit } from '../../widgets/format.ts'
import { PredictorBoxesChart } from './PredictorBoxesChart.tsx'
import { errorBoxOption } from './error-box-option.ts'
import { fewPairs } from './measures.ts'
import { selectStation } from './validate-state.ts'

interface ErrorBoxesChartProps {
  readonly run: string
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

/** How errors are spread at each station, in each month or season, or by what a predictor is there. */
export function ErrorBoxesChart({ run, pairs, validation }: ErrorBoxesChartProps) {
  const hasStations = validation.stations.length > 0
  const [chosen, setChosen] = useState<string>('station')
  const predictor = validation.predictors.find(({ name }) => chosen === `predictor ${name}`)
  const by = (['station', 'month', 'season'] as const).find(
    (each) => each === chosen && (hasStations || each !== 'station'),
  )
  const controls = (
    <Select
      label="Groups"
      isLabelHidden
      value={predictor ? chosen : (by ?? 'month')}
      onChange={setChosen}
      choices={[
        { id: 'station', name: 'by station', isDisabled: !hasStations },
        { id: 'month', name: 'by month' },
        { id: 'season', name: 'by season' },
        ...validation.predictors.map(({ name, kind }) => ({
          id: `predictor ${name}`,
          name: `by ${name}`,
          hint:
            kind === 'categorical'
              ? 'classes'
              : kind === 'circular'
                ? 'quarters of the compass'
                : 'thirds of the pairs',
        })),
      ]}
    />
  )
  return predictor ? (
    <PredictorBoxesChart run={run} validation={validation} predictor={predictor} controls={controls} />
  ) : (
    <GroupBoxes pairs={pairs} validation={validation} by={by ?? 'month'} controls={controls} />
  )
}

interface GroupBoxesProps extends Omit<ErrorBoxesChartProps, 'run'> {
  readonly by: ErrorBox['by']
  readonly controls: ReactNode
}

/** The boxes that come with the pairs, those of stations the widest first. */
function GroupBoxes({ pairs, validation, by, controls }: GroupBoxesProps) {
  const filter = useChartFilter()
  const boxes = pairs.boxes.filter((box) => box.by === by)
  const sorted = by === 'station' ? boxes.toSorted((a, b) => b.rmse - a.rmse) : boxes
  const unit = formatUnit(pairs.unit)
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
      controls={controls}
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
      option={(colours) => errorBoxOption(colours, sorted, unit)}
    />
  )
}
