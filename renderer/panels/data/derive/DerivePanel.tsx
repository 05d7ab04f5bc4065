import { useMemo, useState } from 'react'
import type { Day } from '../../../../main/contract/index.ts'
import { useCrs } from '../../../api/crs.ts'
import { say } from '../../../state/notices.ts'
import { useSources } from '../../../state/sources.ts'
import { stepHistory, useWorkspaceStore } from '../../../state/workspace.ts'
import { Button, IconButton } from '../../../widgets/Button.tsx'
import { ErrorStrip, LoadingLine, Strip } from '../../../widgets/PanelState.tsx'
import { Checkbox, Select, Switch, TextField } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { useMapReadings } from '../../../map/readings.ts'
import { openDataPanel } from '../data-panel.ts'
import { counted, inWindowWords } from '../words.ts'
import { FieldUses } from './FieldUses.tsx'
import { FormFields } from './FormFields.tsx'
import { KrigingProof } from './KrigingProof.tsx'
import { changeForm, closeDerive, useDerive } from './derive-store.ts'
import { addErrorMap, addField, changeField } from './edit-field.ts'
import { expressionOf, fieldKinds, kindWords, suggestedName } from './field-forms.ts'
import { fieldNameFault } from './field-name.ts'
import { fieldsAbove } from './field-uses.ts'
import type { Fields } from './field-uses.ts'
import { sameField } from './form-of.ts'
import { useFieldCheck, useFieldPreview } from './use-field-check.ts'
import { runWords, useRunsOfFields } from './use-runs-of-field.ts'

/** Names and dataset variables an expression can use; for a field that is changed, none that is made of it. */
function useInputs(fields: Fields, editing: string | null): Choice[] {
  const { datasets } = useSources()
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
  ]
}

/** A field made of others: its inputs, its settings, what it would be, and a live picture on the map. Nothing is written until a run
 *  needs it. */
export function DerivePanel() {
  const { form, editing } = useDerive()
  const allFields = useWorkspaceStore((state) => (state.document.recipe.fields ?? noFields) as Fields)
  const fields = useMemo(() => withoutAbove(allFields, editing), [allFields, editing])
  const isReadOnly = useWorkspaceStore((state) => state.isReadOnly)
  const crs = useKrigingCrs(form.set)
  const [isPredictor, setPredictor] = useState(true)
  const [isLayer, setLayer] = useState(true)
  const [isShown, setShown] = useState(true)
  const expression = expressionOf(form, crs)
  const name = form.name || suggestedName(form)
  const { check, settled } = useFieldCheck(name, expression, fields)
  const field = expression && !check.isPlaceholderData ? (check.data?.field ?? null) : null
  useFieldPreview(name, settled, fields, field, isShown)
  const isTaken = name !== editing && Object.hasOwn(allFields, name)
  const nameFault = fieldNameFault(name, isTaken)
  const runs = useRunsOfFields(allFields).get(editing ?? '')
  const isUnchanged = name === editing && expression !== null && sameField(expression, allFields[name] ?? 0)
  const inputs = useInputs(allFields, editing)

  const add = () => {
    if (!expression || !field) return
    addField({ name, expression, isPredictor, isLayer, unit: field.unit, kind: field.kind })
    say('good', `${name} is a field of the recipe.`)
    changeForm({ name: '' })
    openDataPanel('card')
  }
  const change = () => {
    if (!expression || !field || editing === null) return
    changeField(editing, name, expression)
    const stale = runs && runs.same.length > 0 ? ` The maps of ${runWords(runs.same)} are stale now.` : ''
    say('good', `${name} is changed.${stale}`, { title: 'Undo', run: () => void stepHistory('undo') })
    closeDerive()
  }
  return (
    <>
      <div className="panel-head">
        <h2>{editing === null ? 'Derive a field' : `Change ${editing}`}</h2>
        <IconButton icon="close" label="Close" keys="Esc" onPress={closeDerive} />
      </div>
      <LoadingLine isShown={check.isFetching} label="Checking the field" />
      <section className="panel-section">
        <div className="form">
          <Select
            label="How"
            value={form.kind}
            onChange={(kind) => changeForm({ kind })}
            choices={fieldKinds.map((id) => ({ id, ...kindWords[id] }))}
          />
          <FormFields inputs={inputs} />
        </div>
      </section>
      <section className="panel-section" aria-live="polite">
        <h3>What it is</h3>
        {!expression && <p className="text-2">Choose its inputs to see its unit, dates and a picture on the map.</p>}
        {check.error && <ErrorStrip fault={check.error} onRetry={() => void check.refetch()} />}
        {expression &&
          check.data?.faults.map(({ path, message }) => (
            <Strip key={`${path} ${message}`} tone="bad">
              {inWindowWords(message)}
            </Strip>
          ))}
        {field && (
          <>
            <dl className="facts">
              <dt>Unit</dt>
              <dd>{formatUnit(field.unit) || (field.unit === '1' ? 'none, a ratio' : 'not known')}</dd>
              <dt>Dates</dt>
              <dd>
                {typeof field.times === 'string'
                  ? { static: 'static', any: 'every date' }[field.times]
                  : `${counted(field.times.length, 'day')}, ${field.times[0]} … ${field.times.at(-1)}`}
              </dd>
            </dl>
            <p className="derive-lineage">{field.lineage}</p>
            <Switch isSelected={isShown} onChange={setShown}>
              Show it on the map
            </Switch>
          </>
        )}
      </section>
      {field && settled && form.kind === 'kriged' && Array.isArray(field.times) && (
        <KrigingProof
          expression={settled}
          fields={fields}
          days={field.times as readonly Day[]}
          onErrorMap={isReadOnly ? null : () => addErrorMap(name, settled, field.unit)}
        />
      )}
      {editing !== null && <FieldUses name={editing} />}
      <section className="panel-section">
        <div className="form">
          <TextField
            label="Name"
            value={form.name}
            placeholder={suggestedName(form)}
            onChange={(text) => changeForm({ name: text })}
            fault={nameFault}
          />
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

/** Stations in degrees are kriged in the map's CRS where that has lengths; null where their own will do. */
function useKrigingCrs(set: string | null): string | null {
  const documentCrs = useWorkspaceStore((state) => state.document.crs)
  const firstCrs = useMapReadings(({ shown }) => shown[0]?.layer.tiled.grid.crs ?? null)
  const mapCrs = documentCrs ?? firstCrs
  const ofStations = useSources().stationSets.find(({ name }) => name === set)?.crs ?? null
  const isInDegrees = useCrs(ofStations).data?.isGeographic === true
  const isMapMetric = useCrs(mapCrs).data?.isGeographic === false
  return isInDegrees && isMapMetric ? mapCrs : null
}
