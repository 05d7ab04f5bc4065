import { useState } from 'react'
import { formatDepth } from '../../../main/contract/index.ts'
import { useStationSeries, useStationSet } from '../../api/stations.ts'
import { session } from '../../state/session.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button, IconButton } from '../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { Select } from '../../widgets/fields.tsx'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'
import { SeriesSketch } from './SeriesSketch.tsx'
import { StationUseSelect } from './StationUseSelect.tsx'
import { setUse } from './StationSetCard.tsx'

/** One station: where it is, what it measured, and the part it plays. */
export function StationCard({ set, station }: { readonly set: string; readonly station: string }) {
  const crs = useWorkspaceStore((state) => state.document.crs)
  const use = useWorkspaceStore((state) => state.document.stationUse[`${set}/${station}`] ?? 'validation')
  const card = useStationSet(set, crs)
  const [chosen, choose] = useState<string | null>(null)
  const variables = [...new Map((card.data?.variables ?? []).map((each) => [keyOf(each), each])).values()]
  const quantity =
    variables.find((each) => keyOf(each) === chosen) ??
    variables.find(({ unit }) => unit === 'm3 m-3') ??
    variables[0] ??
    null
  const series = useStationSeries(set, station, quantity)
  if (card.isLoading) return <LoadingRows rows={8} label={`Reading ${station}`} />
  if (card.error) return <ErrorStrip fault={card.error} onRetry={() => void card.refetch()} />
  const found = card.data?.stations.find(({ id }) => id === station)
  if (!found || !card.data || !quantity)
    return <EmptyState>{station} is no station of this project any more.</EmptyState>
  return (
    <>
      <div className="panel-head">
        <IconButton
          icon="stepBack"
          label={`All stations of ${set}`}
          onPress={() => session().set({ selection: { kind: 'stationSet', name: set } })}
        />
        <h2 title={found.name || station}>{found.name || station}</h2>
      </div>
      <section className="panel-section">
        <dl className="facts">
          <dt>Set</dt>
          <dd>{set}</dd>
          <dt>Place</dt>
          <dd>
            {found.x === null || found.y === null
              ? 'none'
              : `E ${formatCount(found.x)} N ${formatCount(found.y)} · ${card.data.mapCrs}`}
          </dd>
          {found.elevation !== null && (
            <>
              <dt>Elevation</dt>
              <dd>{formatNumber(found.elevation, 0)} m</dd>
            </>
          )}
          <dt>Observed</dt>
          <dd>
            {formatCount(found.n)} values, {found.firstDay} … {found.lastDay}
          </dd>
          <dt>Gaps</dt>
          <dd>
            {formatCount(found.gaps)}
            {found.longestGapDays > 1 && `, the longest ${formatNumber(found.longestGapDays, 0)} days`}
          </dd>
        </dl>
        <div className="station-use">
          <span className="text-2">Use</span>
          <StationUseSelect station={station} value={use} onChange={(next) => setUse(set, station, next)} />
        </div>
      </section>
      <section className="panel-section">
        {variables.length > 1 && (
          <Select
            label="Variable"
            value={keyOf(quantity)}
            onChange={choose}
            choices={variables.map((each) => ({
              id: keyOf(each),
              name: `${each.name}${each.depth ? ` at ${formatDepth(each.depth)}` : ''}`,
              hint: formatUnit(each.unit),
            }))}
          />
        )}
        {series.isLoading && <LoadingRows rows={3} label="Reading the series" />}
        {series.error && <ErrorStrip fault={series.error} onRetry={() => void series.refetch()} />}
        {series.data && <SeriesSketch series={series.data} />}
      </section>
      <section className="panel-section">
        <Button icon="chart" onPress={() => session().set({ place: 'validate' })}>
          Compare with maps
        </Button>
      </section>
    </>
  )
}

const keyOf = ({ name, depth }: { readonly name: string; readonly depth: readonly number[] | null }) =>
  `${name} ${depth?.join('–') ?? ''}`
