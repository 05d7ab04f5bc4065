import { useMemo, useState } from 'react'
import type { Day } from '../../../../main/contract/index.ts'
import { say } from '../../../state/notices.ts'
import { stepHistory, useWorkspaceStore } from '../../../state/workspace.ts'
import { Button, IconButton } from '../../../widgets/Button.tsx'
import { LoadingLine } from '../../../widgets/PanelState.tsx'
import { Checkbox, Select, Switch, TextField } from '../../../widgets/fields.tsx'
import { openDataPanel } from '../data-panel.ts'
import { FieldFacts } from './FieldFacts.tsx'
import { FieldUses } from './FieldUses.tsx'
import { KrigingProof } from './KrigingProof.tsx'
import { StepList } from './StepList.tsx'
import { beginAgain, closeDerive, isChanged, nameField, useDerive } from './derive-store.ts'
import { addErrorMap, addField, changeField } from './edit-field.ts'
import { suggestedName } from './field-forms.ts'
import { fieldNameFault } from './field-name.ts'
import { expressionOfStep, mainName, rowsOf, stepWords } from './field-steps.ts'
import { fieldsAbove } from './field-uses.ts'
import type { Fields } from './field-uses.ts'
import { sameField } from './form-of.ts'
import { useFieldCheck, useFieldPreview } from './use-field-check.ts'
import { useInputs } from './use-inputs.ts'
import { useKrigingCrs } from './use-kriging-crs.ts'
import { runWords, useRunsOfFields } from './use-runs-of-field.ts'

/** A field made of others, step by step: inputs and settings of each, what it would be, and a live picture on the map of the result
 *  or of the open step. Nothing is written until a run needs it. */
export function DerivePanel() {
  const state = useDerive()
  const { name: typed, steps, chosen, editing: stored } = state
  const editing = stored?.name ?? null
  const allFields = useWorkspaceStore((state) => (state.document.recipe.fields ?? noFields) as Fields)
  const fields = useMemo(() => withoutAbove(allFields, editing), [allFields, editing])
  const isReadOnly = useWorkspaceStore((state) => state.isReadOnly)
  const krigingCrs = useKrigingCrs()
  const [isPredictor, setPredictor] = useState(true)
  const [isLayer, setLayer] = useState(true)
  const [shows, setShows] = useState<'result' | 'step' | 'nothing'>('result')
  const rows = rowsOf(steps)
  const number = rows.find(({ id }) => id === chosen)?.number
  const isInner = chosen !== steps.root
  const expression = expressionOfStep(steps, steps.root, krigingCrs)
  const stepExpression = isInner ? expressionOfStep(steps, chosen, krigingCrs) : null
  const name = typed || suggestedName(steps.forms[steps.root], mainName(steps, steps.root))
  const stepName = `step ${number} of ${name}`
  const result = useFieldCheck(name, expression, fields)
  const step = useFieldCheck(stepName, stepExpression, fields)
  const fieldOf = ({ check }: typeof result) => (check.isPlaceholderData ? null : (check.data?.field ?? null))
  // A constant 0 is an expression too.
  const field = expression === null ? null : fieldOf(result)
  const stepField = stepExpression === null ? null : fieldOf(step)
  const isStepShown = shows === 'step' && isInner
  useFieldPreview(
    isStepShown ? stepName : name,
    isStepShown ? step.settled : result.settled,
    isStepShown ? step.fields : result.fields,
    isStepShown ? stepField : field,
    shows !== 'nothing',
  )
  const isTaken = name !== editing && Object.hasOwn(allFields, name)
  const nameFault = fieldNameFault(name, isTaken)
  const runs = useRunsOfFields(allFields).get(editing ?? '')
  const isUnchanged = name === editing && expression !== null && sameField(expression, allFields[name] ?? 0)
  const inputs = useInputs(allFields, editing)
  const [openCheck, openField] = isInner ? [step, stepField] : [result, field]

  const add = () => {
    if (expression === null || !field) return
    addField({ name, expression, isPredictor, isLayer, unit: field.unit, kind: field.kind })
    say('good', `${name} is a field of the recipe.`)
    nameField('')
    openDataPanel('card')
  }
  const change = () => {
    if (expression === null || !field || editing === null) return
    changeField(editing, name, expression)
    const stale = runs && runs.same.length > 0 ? ` The maps of ${runWords(runs.same)} are stale now.` : ''
    say('good', `${name} is changed.${stale}`, { title: 'Undo', run: () => void stepHistory('undo') })
    closeDerive(true)
  }
  return (
    <>
      <div className="panel-head">
        <h2>{editing === null ? 'Derive a field' : `Change ${editing}`}</h2>
        <IconButton icon="close" label="Close" keys="Esc" onPress={() => closeDerive()} />
      </div>
      <LoadingLine isShown={result.check.isFetching || step.check.isFetching} label="Checking the field" />
      {isChanged(state) && (
        <div className="derive-changed">
          <span className="text-2">Not saved; kept if you close.</span>
          <Button look="quiet" icon="undo" onPress={beginAgain}>
            Begin again
          </Button>
        </div>
      )}
      <section className="panel-section">
        <StepList inputs={inputs} krigingCrs={krigingCrs} />
      </section>
      {isInner && (
        <section className="panel-section" aria-live="polite">
          <h3>What step {number} is</h3>
          {stepExpression === null ? (
            <p className="text-2">It is not complete yet.</p>
          ) : (
            <FieldFacts check={step.check} />
          )}
        </section>
      )}
      <section className="panel-section" aria-live="polite">
        <h3>{isInner ? 'What the result is' : 'What it is'}</h3>
        {expression === null ? (
          <p className="text-2">
            {rows.length > 1
              ? 'A step is not complete.'
              : 'Choose its inputs to see its unit, dates and a picture on the map.'}
          </p>
        ) : (
          <FieldFacts check={result.check} />
        )}
        {field && rows.length === 1 && (
          <Switch isSelected={shows !== 'nothing'} onChange={(isOn) => setShows(isOn ? 'result' : 'nothing')}>
            Show it on the map
          </Switch>
        )}
        {(field || stepField) && rows.length > 1 && (
          <Select
            label="On the map"
            value={isStepShown || shows === 'nothing' ? shows : 'result'}
            onChange={setShows}
            choices={[
              { id: 'result', name: 'the result' },
              ...(isInner ? [{ id: 'step' as const, name: `step ${number}`, hint: stepWords(steps, chosen) }] : []),
              { id: 'nothing', name: 'nothing of it' },
            ]}
          />
        )}
      </section>
      {openField && openCheck.settled && steps.forms[chosen].kind === 'kriged' && Array.isArray(openField.times) && (
        <KrigingProof
          expression={openCheck.settled}
          fields={openCheck.fields}
          days={openField.times as readonly Day[]}
          onErrorMap={
            isReadOnly ? null : () => addErrorMap(isInner ? stepName : name, openCheck.settled!, openField.unit)
          }
        />
      )}
      {editing !== null && <FieldUses name={editing} />}
      <section className="panel-section">
        <div className="form">
          <TextField label="Name" value={typed} placeholder={name} onChange={nameField} fault={nameFault} />
          {editing === null ? (
            <>
              <Checkbox isSelected={isPredictor} onChange={setPredictor}>
                Use it as a predictor
              </Checkbox>
              <Checkbox isSelected={isLayer} onChange={setLayer}>
                Add it to the layers
              </Checkbox>
              <Button look="primary" isDisabled={!field || nameFault !== null || isReadOnly} onPress={add}>
                {`Add field ${name}`}
              </Button>
            </>
          ) : (
            <Button
              look="primary"
              isDisabled={!field || nameFault !== null || isReadOnly || isUnchanged}
              onPress={change}
            >
              {`Change field ${editing}`}
            </Button>
          )}
        </div>
      </section>
    </>
  )
}

const noFields = {}

/** What a field may be made of: all but itself and the fields that are made of it. */
function withoutAbove(fields: Fields, editing: string | null): Fields {
  if (editing === null) return fields
  const above = fieldsAbove(editing, fields)
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== editing && !above.has(name)))
}
