import { Button } from '../../../widgets/Button.tsx'
import { Strip } from '../../../widgets/PanelState.tsx'
import { TextField } from '../../../widgets/fields.tsx'
import { changeForm, showAsSteps, useForm } from './derive-store.ts'
import { stepsOf } from './field-steps.ts'
import { readWritten } from './written-expression.ts'

const [leastRows, mostRows] = [4, 18]

/** An expression as its text, with what is wrong with it at its line. */
export function WrittenFields() {
  const { written } = useForm()
  const { expression, faults } = readWritten(written)
  const steps = expression === null ? null : stepsOf(expression)
  const hasForms = steps !== null && steps.forms[steps.root].kind !== 'written'
  return (
    <div className="form written-text">
      <TextField
        label="Expression"
        hint="JSON, as in a recipe’s file"
        value={written}
        onChange={(text) => changeForm({ written: text })}
        placeholder={'{ "fillInTime": "ndvi", "maxAgeDays": 8 }'}
        isMultiline
        rows={Math.min(mostRows, Math.max(leastRows, written.split('\n').length + 1))}
      />
      {faults.length > 0 && (
        <ul className="written-faults" aria-live="polite" aria-label="Faults of the expression">
          {faults.map(({ line, path, message }) => (
            <li key={`${path} ${message}`}>
              <Strip tone="bad">
                {[line === null ? '' : `Line ${line}: `, path === '' ? 'it' : path, ' ', message].join('')}
              </Strip>
            </li>
          ))}
        </ul>
      )}
      {hasForms && <Button onPress={showAsSteps}>Show it as steps</Button>}
    </div>
  )
}
