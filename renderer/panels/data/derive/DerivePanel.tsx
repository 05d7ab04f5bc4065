import { useState } from 'react'
import type { ReactNode } from 'react'
import { LayerStyle, indexNames } from '../../../../main/contract/index.ts'
import type { Day, FieldExpression, IndexName, KrigedStations, Workspace } from '../../../../main/contract/index.ts'
import { useCrs } from '../../../api/crs.ts'
import { say } from '../../../state/notices.ts'
import { useSources } from '../../../state/sources.ts'
import { editWorkspace, newId, useWorkspaceStore } from '../../../state/workspace.ts'
import { Button, IconButton } from '../../../widgets/Button.tsx'
import { ErrorStrip, LoadingLine, Strip } from '../../../widgets/PanelState.tsx'
import { Checkbox, NumberField, Select, Switch, TextField } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { useMapReadings } from '../../../map/readings.ts'
import { suggestedRamp } from '../../../map/colour/layer-look.ts'
import { openDataPanel } from '../data-panel.ts'
import { counted, depthWords, inWindowWords } from '../words.ts'
import { KrigingProof } from './KrigingProof.tsx'
import { changeForm, useDerive } from './derive-store.ts'
import { bandsOf, expressionOf, fieldKinds, kindWords, quantityKey, suggestedName } from './field-forms.ts'
import { useFieldCheck, useFieldPreview } from './use-field-check.ts'

/** Names and dataset variables an expression can use. */
function useInputs(fields: Readonly<Record<string, FieldExpression>>): Choice[] {
  const { datasets } = useSources()
  return [
    ...Object.keys(fields).map((name) => ({ id: name, name, hint: 'derived field' })),
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
  const form = useDerive((state) => state.form)
  const fields = useWorkspaceStore(
    (state) => (state.document.recipe.fields ?? noFields) as Readonly<Record<string, FieldExpression>>,
  )
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
  const nameFault = /^[A-Za-z_]\w*$/.test(name) ? null : 'Letters, digits and _ only, not starting with a digit.'
  const isTaken = name in fields

  const add = () => {
    if (!expression || !field) return
    addField({ name, expression, isPredictor, isLayer, unit: field.unit, kind: field.kind })
    say('good', `${name} is ${isTaken ? 'changed' : 'a field of the recipe'}.`)
    changeForm({ name: '' })
    openDataPanel('card')
  }
  return (
    <>
      <div className="panel-head">
        <h2>Derive a field</h2>
        <IconButton icon="close" label="Close" keys="Esc" onPress={() => openDataPanel('card')} />
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
          <FormFields inputs={useInputs(fields)} />
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
      <section className="panel-section">
        <div className="form">
          <TextField
            label="Name"
            value={form.name}
            placeholder={suggestedName(form)}
            onChange={(text) => changeForm({ name: text })}
            fault={nameFault}
          />
          <Checkbox isSelected={isPredictor} onChange={setPredictor}>
            Use it as a predictor
          </Checkbox>
          <Checkbox isSelected={isLayer} onChange={setLayer}>
            Add it to the layers
          </Checkbox>
          <Button look="primary" isDisabled={!field || nameFault !== null || isReadOnly} onPress={add}>
            {isTaken ? `Change field ${name}` : `Add field ${name}`}
          </Button>
        </div>
      </section>
    </>
  )
}

const noFields = {}

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

interface NewField {
  readonly name: string
  readonly expression: FieldExpression
  readonly isPredictor: boolean
  readonly isLayer: boolean
  readonly unit: string
  readonly kind: Parameters<typeof suggestedRamp>[2]
}

/** The field, its part and its layer are one step. */
function addField({ name, expression, isPredictor, isLayer, unit, kind }: NewField): void {
  editWorkspace(`Derive ${name}`, (document): Workspace => {
    const { fields = {}, predictors = {} } = document.recipe as Record<string, Record<string, FieldExpression>>
    const { [name]: _former, ...others } = fields
    const layer = {
      id: newId('l'),
      name,
      source: { of: 'field' as const, expression, fields: others, name },
      isVisible: true,
      style: LayerStyle.parse({ ramp: suggestedRamp(name, unit, kind) }),
    }
    const recipe = {
      ...document.recipe,
      fields: { ...fields, [name]: expression },
      ...(isPredictor ? { predictors: { ...predictors, [name]: name } } : {}),
    } as Workspace['recipe']
    return { ...document, recipe, layers: isLayer ? [layer, ...document.layers] : document.layers }
  })
}

/** The standard error of a kriged field above it: the root of its kriging variance. */
function addErrorMap(name: string, expression: FieldExpression, unit: string): void {
  const variance = { ...(expression as KrigedStations), output: 'variance' as const }
  const title = `${name}, standard error`
  editWorkspace(`Add ${title}`, (document): Workspace => {
    const { fields = {} } = document.recipe as { readonly fields?: Record<string, FieldExpression> }
    const layer = {
      id: newId('l'),
      name: title,
      source: {
        of: 'field' as const,
        expression: { formula: 'sqrt(variance)', inputs: { variance }, unit },
        fields,
        name: title,
      },
      isVisible: true,
      style: LayerStyle.parse({ ramp: suggestedRamp(title, unit, 'continuous'), range: { mode: 'dataset' } }),
    }
    return { ...document, layers: [layer, ...document.layers] }
  })
  say('good', `${title} is a layer.`)
}

function FormFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const form = useDerive((state) => state.form)
  const input = (label: string, hint?: string, more: readonly Choice[] = []) => (
    <Select
      label={label}
      hint={hint}
      value={form.input}
      onChange={(id) => changeForm({ input: id })}
      choices={[...more, ...inputs]}
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
  }
}

function IndexFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { index, bands } = useDerive((state) => state.form)
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
          value={bands[band] ?? null}
          onChange={(id) => changeForm({ bands: { ...bands, [band]: id } })}
          choices={inputs}
        />
      ))}
    </>
  )
}

function MaskFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { by, keep, values, bitsClear, min, max } = useDerive((state) => state.form)
  return (
    <>
      <Select label="Masked by" value={by} onChange={(id) => changeForm({ by: id })} choices={inputs} />
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

function AntecedentFields({
  input,
}: {
  readonly input: (label: string, hint?: string, more?: readonly Choice[]) => ReactNode
}) {
  const { days, statistic, includeToday } = useDerive((state) => state.form)
  const { stationSets } = useSources()
  const weather = stationSets.flatMap((set) =>
    set.variables
      .filter(({ depth }) => depth === null)
      .map(({ name, unit }) => ({
        id: `weather:${set.name}|${name}`,
        name: `${name} of ${set.name}`,
        hint: `stations, ${formatUnit(unit)}`,
      })),
  )
  return (
    <>
      {input('Daily field', 'Rain of a raster, or of a weather station', weather)}
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

function KrigedFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { set, quantity, variogram, model, drift, output } = useDerive((state) => state.form)
  const { stationSets } = useSources()
  const chosen = stationSets.find(({ name }) => name === set)
  return (
    <>
      <Select
        label="Stations"
        value={set}
        onChange={(name) => changeForm({ set: name, quantity: null, model: null })}
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
            name: `${each.name}${each.depth ? ` at ${depthWords(each.depth)}` : ''}`,
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

function FormulaFields({ inputs }: { readonly inputs: readonly Choice[] }) {
  const { formula, inputs: named, unit } = useDerive((state) => state.form)
  const put = (i: number, change: Partial<(typeof named)[number]>) =>
    changeForm({ inputs: named.map((each, j) => (j === i ? { ...each, ...change } : each)) })
  return (
    <>
      {named.map(({ name, source }, i) => (
        // An input may have no name yet.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={i} className="form-row">
          <TextField label="Letter" value={name} onChange={(text) => put(i, { name: text.replace(/\W/g, '') })} />
          <Select label="Field" value={source || null} onChange={(id) => put(i, { source: id })} choices={inputs} />
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
