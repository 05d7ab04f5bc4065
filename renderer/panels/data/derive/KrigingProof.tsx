import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { endpoints } from '../../../../main/contract/index.ts'
import type { Day, FieldExpression, KrigingProof as Proof } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { useSession } from '../../../state/session.ts'
import { Button } from '../../../widgets/Button.tsx'
import { ErrorStrip, LoadingLine } from '../../../widgets/PanelState.tsx'
import { Chart } from '../../../widgets/charts/Chart.tsx'
import { commonOptions, valueAxis } from '../../../widgets/charts/common-options.ts'
import { NumberField, Select } from '../../../widgets/fields.tsx'
import { formatCount, formatSignificant, formatUnit } from '../../../widgets/format.ts'
import { changeForm } from './derive-store.ts'
import { numbersOf, rowsOf } from './variogram-rows.ts'
import type { StructureShape, VariogramNumbers } from './variogram-rows.ts'

interface KrigingProofProps {
  readonly expression: FieldExpression
  readonly fields: Readonly<Record<string, FieldExpression>>
  /** Dates of the field. */
  readonly days: readonly Day[]
  /** Null where nothing can be added. */
  readonly onErrorMap: (() => void) | null
}

/** What a kriged field stands on: its variogram, whose numbers can be changed, and each station predicted from the others. */
export function KrigingProof({ expression, fields, days, onErrorMap }: KrigingProofProps) {
  const shownDay = useSession((state) => state.day)
  // A date without stations has no proof: the nearest before it, else the first.
  const day = (shownDay && days.findLast((each) => each <= shownDay)) ?? days[0]
  const proof = useQuery({
    queryKey: ['fields', 'kriging', expression, fields, day],
    queryFn: ({ signal }) =>
      call(endpoints.proveKriging, {
        body: { expression: JSON.parse(JSON.stringify(expression)), fields, day },
        signal,
      }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
  return (
    <section className="panel-section" aria-label="Kriging">
      <h3>Variogram and leave-one-out</h3>
      <LoadingLine isShown={proof.isFetching} label="Kriging the stations" />
      {proof.error && <ErrorStrip fault={proof.error} onRetry={() => void proof.refetch()} />}
      {proof.data && !proof.error && (
        <>
          <VariogramChart proof={proof.data} />
          <ModelNumbers proof={proof.data} />
          <LeaveOneOut proof={proof.data} day={day} />
        </>
      )}
      {onErrorMap && <Button onPress={onErrorMap}>Add the standard-error map</Button>}
    </section>
  )
}

function VariogramChart({ proof: { bins, line, unit, lengthUnit } }: { readonly proof: Proof }) {
  const squared = `(${formatUnit(unit) || '1'})²`
  const pairs = bins.reduce((sum, bin) => sum + bin.pairs, 0)
  const most = Math.max(1, ...bins.map((bin) => bin.pairs))
  return (
    <Chart
      title="Variogram"
      description={`Sample variogram of ${formatCount(pairs)} pairs in ${bins.length} lags, and the model through it`}
      caption={`${formatCount(pairs)} pairs, each within a date; dots as large as their pairs; lag in ${lengthUnit}, semivariance in ${squared}.`}
      table={{
        head: [`lag, ${lengthUnit}`, 'semivariance', 'pairs'],
        rows: bins.map((bin) => [Number(bin.lag.toPrecision(5)), Number(bin.semivariance.toPrecision(5)), bin.pairs]),
      }}
      height={190}
      option={(colours) => ({
        ...commonOptions(colours),
        grid: { left: 60, right: 12, top: 12, bottom: 40, containLabel: false },
        tooltip: {
          ...commonOptions(colours).tooltip,
          formatter: ({ data }: { data: readonly number[] }) =>
            `${formatSignificant(data[0], 3)} ${lengthUnit}: ${formatSignificant(data[1], 3)}${data[2] ? `, ${formatCount(data[2])} pairs` : ''}`,
        },
        xAxis: valueAxis(colours, `Lag, ${lengthUnit}`, { nameGap: 24, min: 0, splitNumber: 3 }),
        yAxis: valueAxis(colours, 'Semivariance', { nameGap: 46, min: 0, splitNumber: 3 }),
        series: [
          {
            type: 'line',
            name: 'model',
            showSymbol: false,
            silent: true,
            lineStyle: { color: colours.accent, width: 2 },
            data: line.map(({ lag, semivariance }) => [lag, semivariance]),
          },
          {
            type: 'scatter',
            name: 'pairs',
            symbolSize: ([, , count]: readonly number[]) => 4 + 8 * Math.sqrt(count / most),
            itemStyle: { color: colours.text },
            data: bins.map((bin) => [bin.lag, bin.semivariance, bin.pairs]),
          },
        ],
      })}
    />
  )
}

const shapes: readonly { id: StructureShape; name: string }[] = [
  { id: 'sph', name: 'Spherical' },
  { id: 'exp', name: 'Exponential' },
  { id: 'mat', name: 'Matérn, κ 1.5' },
  { id: 'gau', name: 'Gaussian' },
]

/** As many digits as a fit has to say. */
const shown = (value: number) => Number(value.toPrecision(4))

/** Changing a number takes the model out of the fit's hands: it becomes rows of the expression. */
function ModelNumbers({ proof }: { readonly proof: Proof }) {
  const numbers = numbersOf(proof.model)
  const unit = `(${formatUnit(proof.unit) || '1'})²`
  if (!numbers) return <p className="text-2">This model has more parts than a nugget and one structure.</p>
  const change = (next: Partial<VariogramNumbers>) => changeForm({ model: rowsOf({ ...numbers, ...next }) })
  const field = (label: string, key: 'nugget' | 'partialSill' | 'range', unitOfField: string) => (
    <NumberField
      label={label}
      value={shown(numbers[key])}
      min={0}
      unit={unitOfField}
      onChange={(value) => value !== null && value !== shown(numbers[key]) && change({ [key]: value })}
    />
  )
  return (
    <div className="form kriging-model">
      <Select label="Shape" value={numbers.shape} onChange={(shape) => change({ shape })} choices={shapes} />
      {field('Nugget', 'nugget', unit)}
      {field('Partial sill', 'partialSill', unit)}
      {field('Range', 'range', proof.lengthUnit)}
    </div>
  )
}

function LeaveOneOut({ proof: { leaveOneOut, unit }, day }: { readonly proof: Proof; readonly day: Day }) {
  const { n, bias, rmse, meanSquaredZ } = leaveOneOut
  return (
    <dl className="facts kriging-scores">
      <dt>Left out, one by one</dt>
      <dd>
        {formatCount(n)} stations on {day}
      </dd>
      <dt title="mean(predicted − observed)">ME</dt>
      <dd>
        {formatSignificant(bias, 3)} {formatUnit(unit)}
      </dd>
      <dt>RMSE</dt>
      <dd>
        {formatSignificant(rmse, 3)} {formatUnit(unit)}
      </dd>
      <dt title="Mean of squared error over kriging variance: above 1 the variance is too small, below 1 too large">
        Mean squared z
      </dt>
      <dd>{formatSignificant(meanSquaredZ, 3)}, 1 where the variance is right</dd>
    </dl>
  )
}
