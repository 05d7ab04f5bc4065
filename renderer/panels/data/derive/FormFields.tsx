import type { ReactNode } from 'react'
import { indexNames } from '../../../../main/contract/index.ts'
import type { IndexName } from '../../../../main/contract/index.ts'
import { NumberField, Select, Switch, TextField } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { FormulaFields } from './FormulaFields.tsx'
import { KrigedFields } from './KrigedFields.tsx'
import { CalendarFields, ConstantFields, CoordinateFields, DistanceFields } from './OtherFields.tsx'
import { WrittenFields } from './WrittenFields.tsx'
import { changeForm, useForm } from './derive-store.ts'
import { bandsOf } from './field-forms.ts'
import { useInputChoices } from './use-inputs.ts'

/** The inputs and settings of the chosen way of deriving. */
export function FormFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const form = useForm()
  const choicesFor = useInputChoices(inputs)
  const input = (label: string, hint?: string) => (
    <Select
      label={label}
      hint={hint}
      value={form.input}
      onChange={(id) => changeForm({ input: id })}
      choices={choicesFor(form.input)}
    />
  )
  switch (form.kind) {
    case 'index':
      return <IndexFields inputs={inputs} />
    case 'mask':
      return (
        <>
          {input('Field to mask')}
          <MaskFields inputs={inputs} />
        </>
      )
    case 'fill':
      return (
        <>
          {input('Field with gaps')}
          <Select
            label="Result"
            value={form.fillGives}
            onChange={(fillGives) => changeForm({ fillGives })}
            choices={[
              { id: 'values', name: 'the values, filled' },
              { id: 'isFilled', name: 'where it was filled', hint: '1 where a value was filled, 0 where it was there' },
            ]}
          />
          <NumberField
            label="Oldest value that is used"
            value={form.maxAgeDays}
            min={1}
            max={3660}
            unit="days"
            onChange={(value) => value !== null && changeForm({ maxAgeDays: value })}
          />
        </>
      )
    case 'antecedent':
      return <AntecedentFields input={input} />
    case 'terrain':
      return (
        <>
          {input('Elevation', 'In metres, on a metric grid')}
          <Select
            label="Quantity"
            value={form.terrain}
            onChange={(terrain) => changeForm({ terrain })}
            choices={[
              { id: 'slope', name: 'Slope', hint: 'Horn’s method' },
              { id: 'aspect', name: 'Aspect', hint: 'Degrees clockwise from north' },
              { id: 'northness', name: 'Northness', hint: 'cos of aspect' },
              { id: 'eastness', name: 'Eastness', hint: 'sin of aspect' },
            ]}
          />
        </>
      )
    case 'kriged':
      return <KrigedFields inputs={inputs} />
    case 'formula':
      return <FormulaFields inputs={inputs} />
    case 'distance':
      return <DistanceFields />
    case 'calendar':
      return <CalendarFields />
    case 'coordinate':
      return <CoordinateFields />
    case 'constant':
      return <ConstantFields />
    case 'written':
      return <WrittenFields />
  }
}

function IndexFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { index, bands } = useForm()
  const choicesFor = useInputChoices(inputs)
  return (
    <>
      <Select
        label="Index"
        value={index}
        onChange={(next: IndexName) => changeForm({ index: next })}
        choices={indexNames.map((id) => ({ id, name: id, hint: bandsOf[id].join(', ') }))}
      />
      {bandsOf[index].map((band) => (
        <Select
          key={band}
          label={band}
          value={bands[band] || null}
          onChange={(id) => changeForm({ bands: { ...bands, [band]: id } })}
          choices={choicesFor(bands[band] || null)}
        />
      ))}
    </>
  )
}

function MaskFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { by, keep, values, bitsClear, min, max } = useForm()
  const choicesFor = useInputChoices(inputs)
  return (
    <>
      <Select label="Masked by" value={by} onChange={(id) => changeForm({ by: id })} choices={choicesFor(by)} />
      <Select
        label="Cells stay where the mask"
        value={keep}
        onChange={(next) => changeForm({ keep: next })}
        choices={[
          { id: 'values', name: 'is one of these values' },
          { id: 'bits', name: 'has these bits clear' },
          { id: 'range', name: 'lies in a range' },
        ]}
      />
      {keep === 'values' && (
        <TextField
          label="Values"
          value={values}
          placeholder="4, 5, 6"
          onChange={(text) => changeForm({ values: text })}
        />
      )}
      {keep === 'bits' && (
        <TextField
          label="Bits, counted from 0"
          value={bitsClear}
          placeholder="10, 11"
          onChange={(text) => changeForm({ bitsClear: text })}
        />
      )}
      {keep === 'range' && (
        <div className="form-row">
          <NumberField label="From" value={min} onChange={(value) => changeForm({ min: value })} />
          <NumberField label="To" value={max} onChange={(value) => changeForm({ max: value })} />
        </div>
      )}
    </>
  )
}

function AntecedentFields({ input }: { readonly input: (label: string, hint?: string) => ReactNode }) {
  const { days, statistic, includeToday } = useForm()
  return (
    <>
      {input('Daily field', 'Rain of a raster, or of a weather station')}
      <NumberField
        label="Days before"
        value={days}
        min={1}
        max={366}
        unit="days"
        onChange={(value) => value !== null && changeForm({ days: value })}
      />
      <Select
        label="Their"
        value={statistic}
        onChange={(next) => changeForm({ statistic: next })}
        choices={[
          { id: 'sum', name: 'sum' },
          { id: 'mean', name: 'mean' },
        ]}
      />
      <Switch isSelected={includeToday} onChange={(next) => changeForm({ includeToday: next })}>
        The day itself counts too
      </Switch>
    </>
  )
}
