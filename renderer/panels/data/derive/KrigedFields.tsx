import { formatDepth } from '../../../../main/contract/index.ts'
import { useSources } from '../../../state/sources.ts'
import { Select } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { counted } from '../words.ts'
import { changeForm, useDerive } from './derive-store.ts'
import { quantityKey } from './field-forms.ts'

/** Stations, variable, variogram and drift of a kriged field. */
export function KrigedFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { set, quantity, variogram, model, drift, output } = useDerive((state) => state.form)
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
        hint="What the mean depends on"
        value={drift ?? 'none'}
        onChange={(id) => changeForm({ drift: id === 'none' ? null : id })}
        choices={[{ id: 'none', name: 'none: ordinary kriging' }, ...inputs]}
      />
      <Select
        label="Result"
        value={output}
        onChange={(next) => changeForm({ output: next })}
        choices={[
          { id: 'prediction', name: 'Prediction' },
          { id: 'variance', name: 'Kriging variance', hint: 'Of its error' },
        ]}
      />
    </>
  )
}
