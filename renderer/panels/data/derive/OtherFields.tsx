import { NumberField, Select, TextField } from '../../../widgets/fields.tsx'
import { StationQuantity } from './StationQuantity.tsx'
import { changeForm, useForm } from './derive-store.ts'

/** Stations by inverse distance. */
export function DistanceFields() {
  const { power, neighbours } = useForm()
  return (
    <>
      <StationQuantity />
      <NumberField
        label="Power of the distance"
        hint="2 where it is left empty"
        value={power}
        min={0.1}
        onChange={(value) => changeForm({ power: value })}
      />
      <NumberField
        label="Nearest stations"
        hint="12 where it is left empty"
        value={neighbours}
        min={1}
        step={1}
        onChange={(value) => changeForm({ neighbours: value })}
      />
    </>
  )
}

export function CalendarFields() {
  const { calendar } = useForm()
  return (
    <Select
      label="Term"
      value={calendar}
      onChange={(next) => changeForm({ calendar: next })}
      choices={[
        { id: 'dayOfYear', name: 'Day of the year', hint: 'From 1' },
        { id: 'sinDayOfYear', name: 'Sine of the day of the year', hint: 'Without a jump at New Year' },
        { id: 'cosDayOfYear', name: 'Cosine of the day of the year', hint: 'Without a jump at New Year' },
        { id: 'month', name: 'Month' },
        { id: 'year', name: 'Year' },
        { id: 'dayNumber', name: 'Days since 1970-01-01' },
      ]}
    />
  )
}

export function CoordinateFields() {
  const { coordinate } = useForm()
  return (
    <Select
      label="Coordinate"
      hint="Of the run’s fine grid"
      value={coordinate}
      onChange={(next) => changeForm({ coordinate: next })}
      choices={[
        { id: 'x', name: 'x, towards east' },
        { id: 'y', name: 'y, towards north' },
      ]}
    />
  )
}

export function ConstantFields() {
  const { constant, unit } = useForm()
  return (
    <>
      <NumberField label="Number" value={constant} onChange={(value) => changeForm({ constant: value })} />
      <TextField label="Unit" value={unit} onChange={(text) => changeForm({ unit: text })} />
    </>
  )
}
