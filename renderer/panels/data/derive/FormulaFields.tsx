import { Button, IconButton } from '../../../widgets/Button.tsx'
import { Select, TextField } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { changeForm, useForm } from './derive-store.ts'
import { useInputChoices } from './use-inputs.ts'

/** Letters for fields, and arithmetic of them. */
export function FormulaFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { formula, inputs: named, unit } = useForm()
  const choicesFor = useInputChoices(inputs)
  const put = (i: number, change: Partial<(typeof named)[number]>) =>
    changeForm({ inputs: named.map((each, j) => (j === i ? { ...each, ...change } : each)) })
  return (
    <>
      {named.map(({ name, source }, i) => (
        // An input may have no name yet.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={i} className="form-row">
          <TextField label="Letter" value={name} onChange={(text) => put(i, { name: text.replace(/\W/g, '') })} />
          <Select
            label="Field"
            value={source || null}
            onChange={(id) => put(i, { source: id })}
            choices={choicesFor(source || null)}
          />
          {named.length > 1 && (
            <IconButton
              icon="close"
              label={`Leave out ${name}`}
              onPress={() => changeForm({ inputs: named.filter((_, j) => j !== i) })}
            />
          )}
        </div>
      ))}
      <Button
        icon="add"
        onPress={() =>
          changeForm({ inputs: [...named, { name: String.fromCodePoint(97 + named.length), source: '' }] })
        }
      >
        Another input
      </Button>
      <TextField
        label="Formula"
        value={formula}
        placeholder="(a - b) / (a + b)"
        onChange={(text) => changeForm({ formula: text })}
        hint="+ − * / ^, comparisons, min, max, abs, sqrt, exp, log, if"
      />
      <TextField label="Unit" value={unit} placeholder="1" onChange={(text) => changeForm({ unit: text })} />
    </>
  )
}
