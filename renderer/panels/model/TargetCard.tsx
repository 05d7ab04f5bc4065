import type { RecipeSources } from '../../../main/contract/index.ts'
import { useRecipeSources } from '../../api/recipe.ts'
import { editDraft, partAt, useDraft } from '../../state/draft.ts'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { NumberField, Select } from '../../widgets/fields.tsx'
import { formatUnit } from '../../widgets/format.ts'
import { TypedField, parsed, valueText } from './SettingField.tsx'
import { rasterHint } from './source-words.ts'

/** What the maps shall show: a coarse product, or stations. */
export function TargetCard() {
  const draft = useDraft()
  const sources = useRecipeSources()
  if (sources.error) return <ErrorStrip fault={sources.error} onRetry={() => void sources.refetch()} />
  if (!sources.data) return <LoadingRows label="Reading what the project has" />
  const target = (draft.target ?? {}) as Record<string, unknown>
  const from = 'stations' in target ? 'stations' : 'raster'
  const set = (part: string, value: unknown) => editDraft('Target', `target.${part}`, value)
  return (
    <>
      <Select
        label="Learn from"
        hint="A coarse product is downscaled: rows are its cells. Stations are mapped: rows are their days."
        value={from}
        choices={[
          { id: 'raster', name: 'A coarse product', hint: 'Satellite or model soil moisture' },
          {
            id: 'stations',
            name: 'Stations',
            hint: 'Observations at places',
            isDisabled: sources.data.stations.length === 0,
          },
        ]}
        onChange={(next) => editDraft('Target', 'target', next === from ? target : firstOf(next, sources.data))}
      />
      {from === 'raster' ? (
        <RasterTarget target={target} sources={sources.data} onChange={set} />
      ) : (
        <StationTarget target={target} sources={sources.data} />
      )}
      <DepthField
        value={target.depth}
        hint="The layer the values stand for. Validation at another depth is told apart."
        onChange={(depth) => set('depth', depth)}
      />
      {from === 'stations' && (
        <Select
          label="Coarse product to compare with"
          hint="The map has to beat it; without one there is no such row in the scores."
          value={typeof draft.baseline === 'string' ? draft.baseline : 'none'}
          choices={[{ id: 'none', name: 'None' }, ...rasterChoices(sources.data, true)]}
          onChange={(next) => editDraft('Coarse product', 'baseline', next === 'none' ? undefined : next)}
        />
      )}
    </>
  )
}

function RasterTarget({
  target,
  sources,
  onChange,
}: {
  readonly target: Record<string, unknown>
  readonly sources: RecipeSources
  readonly onChange: (part: string, value: unknown) => void
}) {
  const factor = partAt({ target: target as never }, 'target.grid.factor')
  const like = partAt({ target: target as never }, 'target.grid.like')
  const isPlain = target.raster === undefined || typeof target.raster === 'string'
  const chosen = sources.rasters.find(({ expression }) => expression === target.raster)
  return (
    <>
      {isPlain ? (
        <Select
          label="Product"
          value={(target.raster ?? null) as string | null}
          choices={rasterChoices(sources, true)}
          hint={chosen && rasterHint(chosen)}
          onChange={(next) => onChange('raster', next)}
        />
      ) : (
        <TypedField
          label="Product, as an expression"
          value={target.raster}
          read={parsed}
          write={valueText}
          onChange={(next) => onChange('raster', next)}
        />
      )}
      <NumberField
        label="Average cells before training"
        hint="1 trains on the product's own cells; 4 on means of 4 × 4, which tests downscaling back to the known."
        value={typeof factor === 'number' ? factor : 1}
        min={1}
        step={1}
        unit="cells a side"
        onChange={(next) =>
          onChange(
            'grid',
            next === null || next === 1 ? undefined : { like: like ?? chosen?.dataset ?? target.raster, factor: next },
          )
        }
      />
    </>
  )
}

function StationTarget({
  target,
  sources,
}: {
  readonly target: Record<string, unknown>
  readonly sources: RecipeSources
}) {
  const set = sources.stations.find((each) => each.set === target.stations)
  const key = (name: unknown, depth: unknown) => JSON.stringify([name, depth ?? null])
  return (
    <>
      <Select
        label="Station set"
        value={(target.stations ?? null) as string | null}
        choices={sources.stations.map(({ set: name, stations, hasPlaces }) => ({
          id: name,
          name,
          hint: hasPlaces ? `${stations} stations` : 'has no places, cannot be mapped',
          isDisabled: !hasPlaces,
        }))}
        onChange={(next) => {
          const first = sources.stations.find((each) => each.set === next)?.variables[0]
          editDraft('Target', 'target', {
            stations: next,
            ...(first ? { variable: first.name, ...(first.depth ? { depth: first.depth } : {}) } : {}),
          })
        }}
      />
      {set && (
        <Select
          label="Variable"
          value={key(target.variable, target.depth)}
          choices={set.variables.map(({ name, unit, depth }) => ({
            id: key(name, depth),
            name: depth ? `${name}, ${depth[0]}–${depth[1]} m` : name,
            hint: formatUnit(unit) || 'unit unknown',
          }))}
          onChange={(next) => {
            const [variable, depth] = JSON.parse(next) as [string, number[] | null]
            editDraft('Target', 'target', { stations: set.set, variable, ...(depth ? { depth } : {}) })
          }}
        />
      )}
    </>
  )
}

interface DepthFieldProps {
  readonly value: unknown
  readonly hint?: string
  readonly onChange: (value: readonly [number, number] | undefined) => void
}

/** A depth interval in metres. */
export function DepthField({ value, hint, onChange }: DepthFieldProps) {
  const [from, to] = Array.isArray(value) ? (value as (number | null)[]) : [null, null]
  const set = (a: number | null, b: number | null) => {
    if (a === null && b === null) onChange(undefined)
    else onChange([a ?? 0, b ?? a ?? 0])
  }
  return (
    <fieldset className="setting-period">
      <legend className="field-label">Depth</legend>
      <div className="form-row">
        <NumberField label="From" value={from} min={0} step={0.01} unit="m" onChange={(next) => set(next, to)} />
        <NumberField label="To" value={to} min={0} step={0.01} unit="m" onChange={(next) => set(from, next)} />
      </div>
      {hint && <p className="field-hint">{hint}</p>}
    </fieldset>
  )
}

export function rasterChoices(sources: RecipeSources, isDated: boolean) {
  return sources.rasters
    .filter(({ days }) => !isDated || days > 0)
    .map((raster) => ({ id: raster.expression, name: raster.expression, hint: rasterHint(raster) }))
}

function firstOf(from: string, sources: RecipeSources): object {
  if (from === 'stations') {
    const set = sources.stations.find(({ hasPlaces }) => hasPlaces) ?? sources.stations[0]
    const variable = set?.variables[0]
    return {
      stations: set?.set ?? '',
      variable: variable?.name ?? '',
      ...(variable?.depth ? { depth: variable.depth } : {}),
    }
  }
  const coarsest = sources.rasters.filter(({ days }) => days > 0).toSorted((a, b) => b.cellSize - a.cellSize)[0]
  return { raster: coarsest?.expression ?? '' }
}
