import type { ValidationSpec } from '../../../main/contract/index.ts'
import { useRecipeSources } from '../../api/recipe.ts'
import { editDraft, useDraft } from '../../state/draft.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { Select, Switch, TextField } from '../../widgets/fields.tsx'
import { formatUnit } from '../../widgets/format.ts'
import { rasterHint } from './source-words.ts'

/** What the finished maps are held against. */
export function ValidationCard() {
  const draft = useDraft()
  const sources = useRecipeSources().data
  const list = (Array.isArray(draft.validation) ? draft.validation : []) as unknown as ValidationSpec[]
  const put = (label: string, next: readonly unknown[]) =>
    editDraft(label, 'validation', next.length > 0 ? next : undefined)
  const change = (i: number, part: object) =>
    put(
      'Validation',
      list.map((each, at) => (at === i ? { ...each, ...part } : each)),
    )
  const choices = [
    ...(sources?.stations ?? []).flatMap(({ set, stations, hasPlaces, variables }) =>
      variables.map(({ name, unit, depth }) => ({
        id: JSON.stringify({ stations: set, variable: name, ...(depth ? { depth } : {}) }),
        name: `${set}: ${name}${depth ? `, ${depth[0]}–${depth[1]} m` : ''}`,
        hint: `${stations} stations · ${formatUnit(unit) || 'unit unknown'}`,
        isDisabled: !hasPlaces,
      })),
    ),
    ...(sources?.rasters ?? [])
      .filter(({ days }) => days > 0)
      .map((raster) => ({
        id: JSON.stringify({ raster: raster.expression }),
        name: raster.expression,
        hint: rasterHint(raster),
      })),
  ]
  const add = (id: string) => {
    const spec = JSON.parse(id) as { stations?: string; raster?: string }
    const wanted = (spec.stations ?? spec.raster ?? 'reference').replace(/\W+/g, '_')
    let name = wanted
    for (let n = 2; list.some((each) => each.name === name); n++) name = `${wanted}${n}`
    put('Add validation', [...list, { name, ...spec }])
  }
  return (
    <>
      <ul className="model-list" aria-label="References">
        {list.map((spec, i) => (
          <li key={spec.name} className="model-list-row">
            <div className="form">
              <TextField label="Name" value={spec.name} onChange={(name) => change(i, { name })} />
              <p className="text-2">
                {'stations' in spec
                  ? `Stations ${spec.stations}, ${spec.variable}`
                  : `Raster ${JSON.stringify(spec.raster)}`}
              </p>
              <Switch isSelected={spec.measured ?? 'stations' in spec} onChange={(measured) => change(i, { measured })}>
                Measured, not modelled
              </Switch>
            </div>
            <IconButton
              icon="close"
              label={`Take out ${spec.name}`}
              onPress={() =>
                put(
                  'Take out validation',
                  list.filter((_, at) => at !== i),
                )
              }
            />
          </li>
        ))}
      </ul>
      <Select
        label="Add a reference"
        hint="Against a modelled reference the words turn to “consistency with”."
        value={null}
        placeholder="Stations or a raster …"
        choices={choices}
        onChange={add}
      />
    </>
  )
}
