import { formatDepth } from '../../../../main/contract/index.ts'
import { useSources } from '../../../state/sources.ts'
import { Select } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { counted } from '../words.ts'
import { changeForm, useForm } from './derive-store.ts'
import { quantityKey } from './field-forms.ts'

/** Stations that have places, and one of the things they measured. */
export function StationQuantity() {
  const { set, quantity } = useForm()
  const { stationSets } = useSources()
  const chosen = stationSets.find(({ name }) => name === set)
  return (
    <>
      <Select
        label="Stations"
        value={set}
        onChange={(name) => changeForm({ set: name, quantity: null, model: null, crs: null })}
        choices={stationSets.map(({ name, stations, hasPlaces }) => ({
          id: name,
          name,
          hint: hasPlaces ? counted(stations, 'station') : 'no places',
          isDisabled: !hasPlaces,
        }))}
      />
      {chosen && (
        <Select
          label="Variable"
          value={quantity}
          onChange={(key) => changeForm({ quantity: key, model: null })}
          choices={chosen.variables.map((each) => ({
            id: quantityKey(each),
            name: `${each.name}${each.depth ? ` at ${formatDepth(each.depth)}` : ''}`,
            hint: formatUnit(each.unit),
          }))}
        />
      )}
    </>
  )
}
