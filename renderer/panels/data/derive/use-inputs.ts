import { useSources } from '../../../state/sources.ts'
import type { Choice } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { useDerive } from './derive-store.ts'
import { stepIn, stepInput, rowsOf, stepWords, stepsTakenOut } from './field-steps.ts'
import { fieldsAbove } from './field-uses.ts'
import type { Fields } from './field-uses.ts'

/** Names and dataset variables an expression can use; for a field that is changed, none that is made of it. */
export function useInputs(fields: Fields, editing: string | null): Choice[] {
  const { datasets, stationSets } = useSources()
  const above = editing === null ? new Set<string>() : fieldsAbove(editing, fields)
  const usable = Object.keys(fields).filter((name) => name !== editing && !above.has(name))
  return [
    ...usable.map((name) => ({ id: name, name, hint: 'derived field' })),
    ...datasets.flatMap(({ name, variables, cellText }) =>
      variables.map((variable) => ({
        id: variables.length === 1 ? name : `${name}.${variable.name}`,
        name: variables.length === 1 ? name : `${name}.${variable.name}`,
        hint: [formatUnit(variable.unit), cellText].filter(Boolean).join(', '),
      })),
    ),
    ...stationSets.flatMap((set) =>
      set.variables
        .filter(({ depth }) => depth === null)
        .map(({ name, unit }) => ({
          id: `weather:${set.name}|${name}`,
          name: `${name} of ${set.name}`,
          hint: ['stations', formatUnit(unit)].filter(Boolean).join(', '),
        })),
    ),
  ]
}

/** What an input of the open step can be: the step it is now, one that was taken out, or a name; and what stands there though the
 *  project has it no more. */
export function useInputChoices(inputs: readonly Choice[]): (value: string | null) => Choice[] {
  const { steps, chosen } = useDerive()
  const rows = rowsOf(steps)
  const takenOut = stepsTakenOut(steps, chosen).map((id) => ({
    id: stepInput(id),
    name: stepWords(steps, id),
    hint: 'a step that was taken out',
  }))
  return (value) => {
    const own = stepIn(value)
    const now = own === null ? null : rows.find((row) => row.id === own)
    const isKnown = value === null || now || inputs.some(({ id }) => id === value)
    return [
      ...(now ? [{ id: stepInput(now.id), name: `Step ${now.number}`, hint: stepWords(steps, now.id) }] : []),
      ...(isKnown ? [] : [{ id: value, name: value, hint: 'not in the project' }]),
      ...takenOut,
      ...inputs,
    ]
  }
}
