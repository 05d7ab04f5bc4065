import type { LayerStyle } from '../../../main/contract/index.ts'
import { useTiledLayer } from '../../api/layers.ts'
import { editRange } from '../../map/edit-range.ts'
import { rampColours, ramps } from '../../../main/contract/index.ts'
import type { RampName } from '../../../main/contract/index.ts'
import { editLayer, editWorkspace, useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { NumberField, Select, Slider, Switch } from '../../widgets/fields.tsx'
import { formatSignificant, formatUnit } from '../../widgets/format.ts'
import { RampSwatch } from './RampSwatch.tsx'

/** Range, ramp, smoothing, opacity and patterns of the selected layer. Every change is seen at once and can be undone. */
export function LayerStylePanel({ id }: { readonly id: string }) {
  const layer = useWorkspaceStore((state) => state.document.layers.find((each) => each.id === id))
  const crs = useWorkspaceStore((state) => state.document.crs)
  const tiled = useTiledLayer(layer?.source ?? null, crs)
  if (!layer) return <EmptyState>This layer was removed. Undo brings it back.</EmptyState>
  const { style, name } = layer
  const change = (part: Partial<LayerStyle>, what: string) =>
    editLayer(`${what} of ${name}`, id, (old) => ({ ...old, style: { ...old.style, ...part } }), `${id} ${what}`)
  const changeRange = (range: LayerStyle['range']) => editRange({ id, name }, range)
  const rangeMode = style.range.mode
  const sampled = tiled.data?.sampled
  return (
    <>
      <div className="panel-head">
        <h2>{name}</h2>
      </div>
      {tiled.isLoading && <LoadingRows label="Reading the layer" />}
      {tiled.error && <ErrorStrip fault={tiled.error} onRetry={() => void tiled.refetch()} />}
      {tiled.data && (
        <div className="panel-section">
          <dl className="facts">
            <dt>Quantity</dt>
            <dd>{tiled.data.quantity || tiled.data.name}</dd>
            <dt>Unit</dt>
            <dd>{formatUnit(tiled.data.unit) || 'none'}</dd>
            <dt>Cells</dt>
            <dd>
              {tiled.data.grid.rows} × {tiled.data.grid.cols} of {formatSignificant(tiled.data.grid.transform[1])},{' '}
              {tiled.data.grid.crs.startsWith('EPSG') ? tiled.data.grid.crs : 'CRS without code'}
            </dd>
            <dt>Dates</dt>
            <dd>{datesInWords(tiled.data.times)}</dd>
            {sampled && (
              <>
                <dt>Values</dt>
                <dd>
                  {formatSignificant(sampled.min)} to {formatSignificant(sampled.max)}; 2–98 %{' '}
                  {formatSignificant(sampled.low)} to {formatSignificant(sampled.high)} (of a sample)
                </dd>
              </>
            )}
          </dl>
        </div>
      )}
      <div className="panel-section form">
        <h3>Colours</h3>
        <Select
          label="Ramp"
          value={style.ramp}
          onChange={(ramp) => change({ ramp }, 'Ramp')}
          choices={(Object.keys(ramps) as RampName[]).map((ramp) => ({ id: ramp as string, name: ramps[ramp].title }))}
        />
        <RampSwatch ramp={style.ramp} isReversed={style.reversed} width={296} height={14} />
        <span className="visually-hidden">
          From rgb({rampColours(style.ramp, style.reversed)[0].join(', ')}) to rgb(
          {rampColours(style.ramp, style.reversed)[255].join(', ')})
        </span>
        <Switch isSelected={style.reversed} onChange={(reversed) => change({ reversed }, 'Direction')}>
          Reversed
        </Switch>
        <Select
          label="Range"
          value={rangeMode}
          onChange={(mode) =>
            changeRange(
              mode === 'typed'
                ? { mode, min: sampled?.low ?? 0, max: sampled?.high ?? 1 }
                : { mode: mode as 'quantity' | 'dataset' | 'view' },
            )
          }
          choices={[
            { id: 'quantity', name: 'Fixed for the quantity', hint: 'Shared by all layers of this quantity and unit' },
            { id: 'dataset', name: 'Dataset, 2–98 %' },
            { id: 'view', name: 'This view once' },
            { id: 'typed', name: 'Typed' },
          ]}
        />
        {style.range.mode === 'typed' && (
          <div className="form-row">
            <NumberField
              label="From"
              value={style.range.min}
              unit={formatUnit(tiled.data?.unit ?? '')}
              onChange={(min) => min !== null && changeRange({ ...typed(style), min })}
            />
            <NumberField
              label="To"
              value={style.range.max}
              unit={formatUnit(tiled.data?.unit ?? '')}
              onChange={(max) => max !== null && changeRange({ ...typed(style), max })}
            />
          </div>
        )}
        <NumberField
          label="Classes"
          value={style.classes}
          min={0}
          max={24}
          hint="0: a continuous ramp"
          onChange={(classes) => change({ classes: classes ?? 0 }, 'Classes')}
        />
      </div>
      <div className="panel-section form">
        <h3>Drawing</h3>
        <Slider
          label="Opacity"
          min={0}
          max={1}
          value={style.opacity}
          format={{ style: 'percent' }}
          onChange={(opacity) => change({ opacity }, 'Opacity')}
        />
        {tiled.data?.kind !== 'categorical' && (
          <Switch isSelected={style.isSmooth} onChange={(isSmooth) => change({ isSmooth }, 'Smoothing')}>
            Smooth between cells
          </Switch>
        )}
        <Switch isSelected={style.showReasons} onChange={(showReasons) => change({ showReasons }, 'Patterns')}>
          Patterns where there is no value
        </Switch>
        <Button onPress={() => copyStyleToOthers(id, style)}>Copy style to layers of this ramp</Button>
      </div>
    </>
  )

  function copyStyleToOthers(from: string, copied: LayerStyle): void {
    const ramp = copied.ramp
    editWorkspace(`Copy style of ${name}`, (document) => ({
      ...document,
      layers: document.layers.map((other) =>
        other.id !== from && other.style.ramp === ramp ? { ...other, style: copied } : other,
      ),
    }))
  }
}

function typed(style: LayerStyle): { mode: 'typed'; min: number; max: number } {
  return style.range.mode === 'typed' ? style.range : { mode: 'typed', min: 0, max: 1 }
}

function datesInWords(times: readonly string[] | 'static' | 'any'): string {
  if (times === 'static') return 'the same on all dates'
  if (times === 'any') return 'every date'
  if (times.length === 0) return 'none'
  return times.length === 1 ? times[0] : `${times.length}, ${times[0]} to ${times.at(-1)}`
}
