import { useState } from 'react'
import { endpoints } from '../../../../main/contract/index.ts'
import type { Day, GridSpec, Workspace } from '../../../../main/contract/index.ts'
import { isDay } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { useMapExtras } from '../../../map/map-extras.ts'
import { sayFault } from '../../../state/notices.ts'
import { useSources } from '../../../state/sources.ts'
import { editWorkspace, useWorkspaceStore } from '../../../state/workspace.ts'
import { Button, IconButton } from '../../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingLine, Strip } from '../../../widgets/PanelState.tsx'
import { NumberField, Select } from '../../../widgets/fields.tsx'
import { formatCount, formatNumber, formatSignificant } from '../../../widgets/format.ts'
import { openDataPanel } from '../data-panel.ts'
import { CommitField } from '../import/CommitField.tsx'
import { gridsOfRecipe, useGridAudit, useGridSuggestion } from './use-grids.ts'
import { useGridOutlines } from './use-grid-outlines.ts'
import './grids.css'

type Extent = readonly [number, number, number, number]

/** Working CRS, area, period and fine grid, and how the grids lie in each other; their outlines are on the map. */
export function GridsPanel() {
  const document = useWorkspaceStore((state) => state.document)
  const { datasets, stationSets } = useSources()
  const { crs, area } = document
  const { fine, coarse, training } = gridsOfRecipe(document, datasets)
  const suggestion = useGridSuggestion(crs)
  const audit = useGridAudit(fine, coarse, training, crs)
  useGridOutlines(audit.data ?? null, crs)
  const suggested = suggestion.data
  return (
    <>
      <div className="panel-head">
        <h2>Area and grids</h2>
        <IconButton icon="close" label="Close" keys="Esc" onPress={() => openDataPanel('card')} />
      </div>
      <LoadingLine isShown={suggestion.isFetching || audit.isFetching} label="Looking at the grids" />
      {datasets.length + stationSets.length === 0 && (
        <EmptyState>Add data first: the working CRS, the area and the grids are suggested from them.</EmptyState>
      )}
      {suggestion.error && <ErrorStrip fault={suggestion.error} onRetry={() => void suggestion.refetch()} />}
      <Audit audit={audit} hasCoarse={coarse !== null} />
      {suggested && (
        <>
          <section className="panel-section">
            <h3>Working CRS</h3>
            <Select
              label="CRS of the map and of what is drawn"
              value={crs}
              onChange={(next) => void setCrs(next, document)}
              choices={withOwn(suggested.crs, crs).map((each) => ({
                id: each.crs,
                name: `${each.name} (${each.crs.startsWith('EPSG:') ? each.crs : 'no code'})`,
                hint: each.reason,
              }))}
            />
            <p className="text-2">{suggested.crs.find((each) => each.crs === crs)?.reason}</p>
            <div className="field">
              <span className="field-label" aria-hidden="true">
                Another, by its code
              </span>
              <CommitField
                label="Another CRS, by its code"
                value=""
                placeholder="EPSG:28992"
                onCommit={(text) => text && void setCrs(text, document)}
              />
            </div>
          </section>
          <AreaSection area={area} crs={crs} suggested={suggested.area} reason={suggested.areaReason} />
          <PeriodSection period={document.period} suggested={suggested.period} reason={suggested.periodReason} />
          <section className="panel-section">
            <h3>Fine grid</h3>
            <FineGrid fine={fine} area={area} crs={crs} />
            {suggested.fine && JSON.stringify(fine) !== JSON.stringify(suggested.fine.spec) && (
              <Strip
                tone="info"
                action={
                  <Button onPress={() => setFine(suggested.fine?.spec as GridSpec)}>
                    {'like' in suggested.fine.spec
                      ? `Take the cells of ${suggested.fine.spec.like}`
                      : `Take cells of ${formatSignificant(suggested.fine.spec.cellSize)}`}
                  </Button>
                }
              >
                {suggested.fine.reason}
              </Strip>
            )}
          </section>
        </>
      )}
    </>
  )
}

/** Verdicts first: they say what is to be done. */
function Audit({ audit, hasCoarse }: { readonly audit: ReturnType<typeof useGridAudit>; readonly hasCoarse: boolean }) {
  return (
    <>
      {audit.error && <ErrorStrip fault={audit.error} />}
      {audit.data && (
        <section className="panel-section" aria-label="How the grids lie in each other">
          <h3>How they lie in each other</h3>
          <div className="grid-findings">
            {audit.data.findings.map(({ tone, text, snap }) => (
              <Strip key={text} tone={tone} action={snap && <Button onPress={() => setFine(snap)}>Snap to it</Button>}>
                {text}
              </Strip>
            ))}
          </div>
          <dl className="facts">
            {audit.data.grids.map((each) => (
              <div key={each.of} className="grid-fact">
                <dt>{{ coarse: 'Coarse', training: 'Training', fine: 'Fine' }[each.of]}</dt>
                <dd>
                  {each.cellText}, {formatCount(each.grid.rows)} × {formatCount(each.grid.cols)} cells
                  {each.of === 'coarse' && <span className="text-2"> · {each.name}</span>}
                </dd>
              </div>
            ))}
            {audit.data.scaleFactor && (
              <>
                <dt>Scale factor</dt>
                <dd>{formatSignificant((audit.data.scaleFactor.x + audit.data.scaleFactor.y) / 2, 4)}</dd>
              </>
            )}
            {audit.data.overlap !== null && (
              <>
                <dt>Overlap</dt>
                <dd>{formatNumber(Math.floor(audit.data.overlap * 1000) / 10, 1)} % of the fine grid</dd>
              </>
            )}
          </dl>
          {!hasCoarse && <p className="text-2">Without a coarse target there is nothing to nest in.</p>}
        </section>
      )}
    </>
  )
}

function withOwn<T extends { readonly crs: string }>(choices: readonly T[], crs: string | null) {
  const known = choices.map((each) => ({ ...each }))
  if (crs === null || choices.some((each) => each.crs === crs)) return known
  return [{ crs, name: crs, reason: 'Chosen by you.' }, ...known] as { crs: string; name: string; reason: string }[]
}

/** The area goes along into the new CRS. */
async function setCrs(crs: string, { crs: before, area }: Workspace): Promise<void> {
  const typed = /^\d+$/.test(crs) ? `EPSG:${crs}` : crs.replace(/^epsg/i, 'EPSG')
  try {
    const { code } = await call(endpoints.crs, { params: { code: typed }, query: {} })
    const moved =
      area && before
        ? (await call(endpoints.moveExtent, { body: { from: { crs: before, extent: area }, crs: code } })).extent
        : null
    editWorkspace('Working CRS', (document) => ({ ...document, crs: code, area: moved }))
  } catch (thrown) {
    sayFault(thrown)
  }
}

const setArea = (area: Extent | null) =>
  editWorkspace('Area', (document) => ({ ...document, area: area ? [...area] : null }) as Workspace, 'area')

const setFine = (grid: GridSpec) =>
  editWorkspace('Fine grid', (document) => ({ ...document, recipe: { ...document.recipe, grid } }), 'fine grid')

interface AreaProps {
  readonly area: Workspace['area']
  readonly crs: string | null
  readonly suggested: Extent | null
  readonly reason: string
}

function AreaSection({ area, crs, suggested, reason }: AreaProps) {
  const { datasets } = useSources()
  const isDrawing = useMapExtras((state) => state.onArea !== null)
  const draw = () =>
    useMapExtras.setState({
      onArea: isDrawing
        ? null
        : ({ west, south, east, north }) => {
            setArea([west, south, east, north])
            useMapExtras.setState({ onArea: null })
          },
    })
  const ofDataset = async (dataset: string) => {
    try {
      const { extent } = await call(endpoints.moveExtent, { body: { from: { dataset }, crs: crs ?? '' } })
      setArea(extent)
    } catch (thrown) {
      sayFault(thrown)
    }
  }
  const shown = area ?? suggested
  const sides = ['West', 'South', 'East', 'North']
  return (
    <section className="panel-section">
      <h3>Area</h3>
      <div className="grid-sides">
        {sides.map((side, i) => (
          <NumberField
            key={side}
            label={side}
            value={shown ? Number(shown[i].toPrecision(9)) : null}
            isAssumed={area === null}
            onChange={(value) => {
              if (value === null || !shown || value === shown[i]) return
              const next = shown.with(i, value) as unknown as Extent
              if (next[0] < next[2] && next[1] < next[3]) setArea(next)
            }}
          />
        ))}
      </div>
      <div className="grid-buttons">
        <Button icon="edit" isDisabled={crs === null} onPress={draw}>
          {isDrawing ? 'Stop drawing' : 'Draw on the map'}
        </Button>
        {suggested && area === null && <Button onPress={() => setArea(suggested)}>Take this area</Button>}
      </div>
      {isDrawing && <p className="text-2">Drag a rectangle on the map.</p>}
      <Select
        label="Take it from a dataset"
        value={null}
        isDisabled={crs === null}
        onChange={(name) => void ofDataset(name)}
        choices={datasets.map(({ name, cellText }) => ({ id: name, name, hint: cellText }))}
      />
      {area === null && reason && <p className="text-2">Suggested: {reason}</p>}
    </section>
  )
}

interface PeriodProps {
  readonly period: Workspace['period']
  readonly suggested: Workspace['period']
  readonly reason: string
}

function PeriodSection({ period, suggested, reason }: PeriodProps) {
  const [fault, setFault] = useState('')
  const shown = period ?? suggested
  const set = (change: { from?: Day; to?: Day }) => {
    if (!shown) return
    const next = { ...shown, ...change }
    setFault(next.from <= next.to ? '' : 'The first day has to come before the last.')
    if (next.from <= next.to) editWorkspace('Period', (document) => ({ ...document, period: next }), 'period')
  }
  if (!shown) return null
  return (
    <section className="panel-section">
      <h3>Period</h3>
      <div className="grid-sides">
        {(['from', 'to'] as const).map((end) => (
          <div key={end} className="field">
            <span className="field-label" aria-hidden="true">
              {end === 'from' ? 'First day' : 'Last day'}
            </span>
            <CommitField
              label={end === 'from' ? 'First day' : 'Last day'}
              value={shown[end]}
              isAssumed={period === null}
              onCommit={(text) => (isDay(text) ? set({ [end]: text }) : setFault('Write dates as YYYY-MM-DD.'))}
            />
          </div>
        ))}
      </div>
      {fault && (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      {period === null && reason && <p className="text-2">Suggested: {reason}</p>}
    </section>
  )
}

interface FineGridProps {
  readonly fine: GridSpec | null
  readonly area: Workspace['area']
  readonly crs: string | null
}

/** Cells of a dataset, a multiple of them, or cells of one's own over the area. */
function FineGrid({ fine, area, crs }: FineGridProps) {
  const { datasets } = useSources()
  const isOwn = fine !== null && !('like' in fine)
  const own = (cellSize: number) => {
    if (crs !== null && area !== null) setFine({ crs, cellSize, extent: area })
  }
  return (
    <div className="form">
      <Select
        label="Cells"
        value={fine === null ? null : isOwn ? 'own' : `like ${fine.like}`}
        placeholder="Not chosen yet"
        onChange={(id) => (id === 'own' ? own(30) : setFine({ like: id.slice(5) }))}
        choices={[
          ...datasets.map(({ name, cellText }) => ({
            id: `like ${name}`,
            name: `of ${name}`,
            hint: cellText,
          })),
          {
            id: 'own',
            name: 'of a size of one’s own',
            hint: area === null ? 'Needs an area first' : 'Over the area, in the working CRS',
            isDisabled: area === null || crs === null,
          },
        ]}
      />
      {isOwn && (
        <NumberField
          label="Size of a cell"
          value={fine.cellSize}
          min={1e-6}
          unit="CRS units"
          onChange={(value) =>
            value !== null && value > 0 && value !== fine.cellSize && setFine({ ...fine, cellSize: value })
          }
        />
      )}
      {fine !== null && !isOwn && (
        <NumberField
          label="Coarser by a factor"
          value={fine.factor ?? 1}
          min={1}
          step={1}
          onChange={(factor) => factor !== null && setFine({ like: fine.like, ...(factor > 1 ? { factor } : {}) })}
        />
      )}
    </div>
  )
}
