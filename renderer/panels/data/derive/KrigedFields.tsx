import { Select } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { StationQuantity } from './StationQuantity.tsx'
import { changeForm, useForm } from './derive-store.ts'
import { useInputChoices } from './use-inputs.ts'

/** Stations, variable, variogram and drift of a kriged field, or the field whose residuals are kriged. */
export function KrigedFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { variogram, model, drift, output, isOfResiduals, residualsOf } = useForm()
  const choicesFor = useInputChoices(inputs)
  return (
    <>
      <StationQuantity />
      <Select
        label="Kriged are"
        value={isOfResiduals ? 'residuals' : 'values'}
        onChange={(next) => changeForm({ isOfResiduals: next === 'residuals', model: null })}
        choices={[
          { id: 'values', name: 'the values of the stations' },
          {
            id: 'residuals',
            name: 'their residuals from a field',
            hint: 'Regression kriging: the field, plus what the stations differ from it, kriged',
          },
        ]}
      />
      {isOfResiduals && (
        <Select
          label="Residuals of"
          hint="In the unit of the stations, such as the map of a model"
          value={residualsOf}
          onChange={(id) => changeForm({ residualsOf: id, model: null })}
          choices={choicesFor(residualsOf)}
        />
      )}
      <Select
        label="Variogram"
        value={model ? 'given' : variogram}
        onChange={(next) => next !== 'given' && changeForm({ variogram: next, model: null })}
        choices={[
          ...(model ? [{ id: 'given' as const, name: 'the numbers below' }] : []),
          { id: 'pooled', name: 'one for all dates', hint: 'Of pairs within a date; steadier with few stations' },
          { id: 'perDay', name: 'one for each date', hint: 'Needs many stations' },
        ]}
      />
      <Select
        label="Drift"
        hint={isOfResiduals ? 'What the mean of the residuals depends on' : 'What the mean depends on'}
        value={drift ?? 'none'}
        onChange={(id) => changeForm({ drift: id === 'none' ? null : id })}
        choices={[{ id: 'none', name: 'none: ordinary kriging' }, ...choicesFor(drift)]}
      />
      <Select
        label="Result"
        value={output}
        onChange={(next) => changeForm({ output: next })}
        choices={[
          { id: 'prediction', name: 'Prediction' },
          {
            id: 'variance',
            name: 'Kriging variance',
            hint: isOfResiduals ? 'Of the residual’s error; the field’s own is not in it' : 'Of its error',
          },
        ]}
      />
    </>
  )
}
