import { useMemo } from 'react'
import { formatDepth } from '../../../main/contract/index.ts'
import type { PlacedStation, StationUse, Workspace } from '../../../main/contract/index.ts'
import { useStationSet } from '../../api/stations.ts'
import { session } from '../../state/session.ts'
import { editWorkspace, useWorkspaceStore } from '../../state/workspace.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { EmptyState, ErrorStrip, LoadingRows, Strip } from '../../widgets/PanelState.tsx'
import { formatCount, formatUnit } from '../../widgets/format.ts'
import { StationUseSelect } from './StationUseSelect.tsx'
import { counted, inWindowWords } from './words.ts'

/** Stations of a set, what they measure, and the part each plays. */
export function StationSetCard({ name }: { readonly name: string }) {
  const crs = useWorkspaceStore((state) => state.document.crs)
  const use = useWorkspaceStore((state) => state.document.stationUse)
  const isOut = useWorkspaceStore((state) => state.document.removed.stationSets.includes(name))
  const card = useStationSet(name, crs)
  const columns = useMemo(() => columnsFor(name, use), [name, use])
  if (isOut) return <EmptyState>{name} was taken out. Undo brings it back.</EmptyState>
  if (card.isLoading) return <LoadingRows rows={8} label={`Reading ${name}`} />
  if (card.error) return <ErrorStrip fault={card.error} onRetry={() => void card.refetch()} />
  if (!card.data) return null
  const { stations, variables, daily, notes, sources, flags, crs: ownCrs } = card.data
  const quantities = [...new Map(variables.map((each) => [JSON.stringify(each), each])).values()]
  return (
    <>
      <div className="panel-head">
        <h2 title={name}>{name}</h2>
      </div>
      {ownCrs === '' && (
        <div className="panel-section">
          <Strip tone="warn">
            The stations have no places, so they cannot be mapped or compared with maps. Drop the table again together
            with a list of stations, and replace this set.
          </Strip>
        </div>
      )}
      <section className="panel-section">
        <dl className="facts">
          <dt>Stations</dt>
          <dd>{formatCount(stations.length)}</dd>
          <dt>Places</dt>
          <dd>{ownCrs || 'none'}</dd>
          <dt>Measured</dt>
          <dd>
            {quantities.slice(0, 12).map((each) => (
              <div key={JSON.stringify(each)}>
                {each.name} {formatUnit(each.unit) || 'unit not known'}
                {each.depth && <span className="text-2"> at {formatDepth(each.depth)}</span>}
              </div>
            ))}
            {quantities.length > 12 && <div className="text-2">and {quantities.length - 12} more</div>}
          </dd>
          <dt>A day is</dt>
          <dd>
            {daily.statistic} of at least {counted(daily.minCount, 'value')}, days of {daily.timeZone}
            {daily.flags && `, flags ${daily.flags.join(', ')}`}
          </dd>
          {Object.keys(flags).length > 0 && (
            <>
              <dt>Flags</dt>
              <dd>
                {Object.entries(flags)
                  .slice(0, 8)
                  .map(([flag, count]) => `${flag === '' ? 'none' : flag} ${formatCount(count)}`)
                  .join(', ')}
              </dd>
            </>
          )}
        </dl>
      </section>
      <section className="panel-section">
        <h3>Stations</h3>
        <div className="file-list" style={{ height: Math.min(360, 32 + stations.length * 30) }}>
          <DataTable
            label={`Stations of ${name}`}
            columns={columns}
            rows={stations}
            keyOf={({ id }) => id}
            rowHeight={30}
            onOpen={({ id }) => session().set({ selection: { kind: 'station', set: name, station: id } })}
            onSelect={({ id }) => session().set({ selection: { kind: 'station', set: name, station: id } })}
          />
        </div>
      </section>
      {notes.length > 0 && (
        <section className="panel-section">
          <h3>What Loam assumed and saw</h3>
          <ul className="data-notes">
            {notes.map((note) => (
              <li key={note}>{inWindowWords(note)}</li>
            ))}
          </ul>
        </section>
      )}
      <section className="panel-section">
        <h3>Source files</h3>
        <ul className="data-notes">
          {sources.slice(0, 20).map(({ path, sha256 }) => (
            <li key={path} title={`${path}\nSHA-256 ${sha256}`}>
              <span className="mono">{path.replace(/^.*[\\/]/, '')}</span>
            </li>
          ))}
          {sources.length > 20 && <li>and {sources.length - 20} more</li>}
        </ul>
      </section>
    </>
  )
}

function columnsFor(set: string, use: Workspace['stationUse']): Column<PlacedStation>[] {
  return [
    { id: 'name', title: 'Station', cell: ({ id }) => id, sortBy: ({ id }) => id },
    {
      id: 'n',
      title: 'n',
      hint: 'Observations with a value',
      width: 64,
      isNumber: true,
      cell: ({ n }) => formatCount(n),
      sortBy: ({ n }) => n,
    },
    {
      id: 'use',
      title: 'Use',
      width: 124,
      cell: ({ id }) => (
        <StationUseSelect
          station={id}
          value={use[`${set}/${id}`] ?? 'validation'}
          onChange={(next) => setUse(set, id, next)}
        />
      ),
      sortBy: ({ id }) => use[`${set}/${id}`] ?? 'validation',
    },
  ]
}

/** Station use is part of the document, so it can be undone. */
export function setUse(set: string, station: string, next: StationUse): void {
  editWorkspace(`${station}: ${next}`, (document) => ({
    ...document,
    stationUse: { ...document.stationUse, [`${set}/${station}`]: next },
  }))
}
