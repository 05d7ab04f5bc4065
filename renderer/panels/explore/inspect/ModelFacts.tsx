import { formatDepth } from '../../../../main/contract/index.ts'
import type { InspectedModel, InspectedPredictor } from '../../../../main/contract/index.ts'
import { Chip, Strip } from '../../../widgets/PanelState.tsx'
import { formatNumber, formatSignificant, formatUnit } from '../../../widgets/format.ts'
import { RangeBar } from './RangeBar.tsx'

/** What a model says here, how far it can be trusted, and what it looked at. */
export function ModelFacts({ model }: { readonly model: InspectedModel }) {
  const { prediction, reasonText, interval, coarse, dissimilarity, predictors, fault } = model
  const unit = formatUnit(model.unit)
  if (fault) return <Strip tone="bad">{fault.message}</Strip>
  const lacking = predictors.filter(({ value }) => value === null).length
  return (
    <>
      <dl className="facts inspect-facts">
        <dt>Prediction</dt>
        <dd>
          <b className="inspect-value">{prediction === null ? 'no value' : formatNumber(prediction)}</b> {unit}
          {prediction === null && <span className="text-2"> {reasonText}</span>}
        </dd>
        {interval && (
          <>
            <dt>Interval</dt>
            <dd>
              {formatNumber(interval.low)}–{formatNumber(interval.high)}{' '}
              <span className="text-3">
                {Math.round(100 * (interval.levels[1] - interval.levels[0]))} % of trees’ spread
              </span>
            </dd>
          </>
        )}
        {coarse && (
          <>
            <dt>Coarse</dt>
            <dd>
              {coarse.value === null ? 'no value' : formatNumber(coarse.value)} {formatUnit(coarse.unit)}
              {coarse.depth && <span className="text-3"> {formatDepth(coarse.depth)}</span>}
              {coarse.closure !== null && <span className="text-2"> fine mean {signed(coarse.closure)} of it</span>}
            </dd>
          </>
        )}
        {dissimilarity && (
          <>
            <dt title="Dissimilarity index against its threshold (Meyer & Pebesma 2021)">Dissimilarity</dt>
            <dd>
              {formatNumber(dissimilarity.index, 2)} of {formatNumber(dissimilarity.threshold, 2)}{' '}
              <Chip tone={dissimilarity.isInside ? 'good' : 'warn'}>
                {dissimilarity.isInside ? 'inside' : 'outside applicability'}
              </Chip>
            </dd>
          </>
        )}
      </dl>
      <div className="inspect-chips">
        {lacking > 0 && <Chip tone="warn">{`${lacking} of ${predictors.length} predictors missing`}</Chip>}
        {predictors.some(({ ageDays }) => ageDays !== null && ageDays > 0) && <Chip tone="info">filled in time</Chip>}
      </div>
      <table className="predictor-table">
        <caption className="visually-hidden">Predictors at this place</caption>
        <thead>
          <tr>
            <th scope="col">Predictor</th>
            <th scope="col" className="number">
              Value
            </th>
            <th scope="col">Training range</th>
            <th scope="col" className="number">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {predictors.map((predictor) => (
            <PredictorRow key={predictor.name} predictor={predictor} />
          ))}
        </tbody>
      </table>
    </>
  )
}

function PredictorRow({ predictor }: { readonly predictor: InspectedPredictor }) {
  const { name, unit, value, reasonText, trainingRange, ageDays, lineage } = predictor
  const shown = formatSignificant(value, 3)
  const rangeWords = trainingRange
    ? `${shown}, training ${formatSignificant(trainingRange[0], 3)} to ${formatSignificant(trainingRange[1], 3)}`
    : shown
  return (
    <tr title={lineage}>
      <th scope="row">{name}</th>
      <td className="number">
        {value === null ? <span className="text-2">{reasonText}</span> : `${shown} ${formatUnit(unit)}`}
      </td>
      <td>{trainingRange && <RangeBar value={value} range={trainingRange} words={rangeWords} />}</td>
      <td className="number">{ageDays === null ? '' : ageDays === 0 ? 'observed' : `${ageDays} d`}</td>
    </tr>
  )
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(value, 4)}`
