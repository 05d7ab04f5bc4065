import type { KeyboardEvent } from 'react'
import { Chip, EmptyState, LoadingRows } from '../../widgets/PanelState.tsx'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { formatBytes, formatUnit } from '../../widgets/format.ts'
import { selectSource, showOnMap, sourceKey } from './source-actions.ts'
import { useSelectedSource, useSourceRows } from './source-rows.ts'
import type { SourceRow } from './source-rows.ts'
import { useFootprintOverlay } from './use-footprint-overlay.ts'
import { counted, spanWords } from './words.ts'

const columns: readonly Column<SourceRow>[] = [
  { id: 'name', title: 'Name', cell: ({ name }) => <strong>{name}</strong>, sortBy: ({ name }) => name },
  {
    id: 'unit',
    title: 'Unit',
    width: 92,
    cell: ({ unit }) => unit.split(', ').map(formatUnit).filter(Boolean).join(', ') || '–',
    sortBy: ({ unit }) => unit,
  },
  {
    id: 'grid',
    title: 'Grid',
    hint: 'Size of a cell, or the number of stations',
    width: 96,
    cell: ({ grid }) => grid,
    sortBy: ({ dataset, grid }) => (dataset ? Math.abs(dataset.grid.transform[1]) : grid),
  },
  {
    id: 'dates',
    title: 'Dates',
    width: 184,
    cell: ({ firstDay, lastDay, days }) => (
      <span title={days === null ? '' : counted(days, 'day')}>{spanWords(firstDay, lastDay)}</span>
    ),
    sortBy: ({ firstDay }) => firstDay,
  },
  {
    id: 'valid',
    title: 'Valid',
    hint: 'Mean share of cells with a value, of those looked at when it was added',
    width: 68,
    isNumber: true,
    cell: ({ validShare }) => (validShare === null ? '' : `${Math.floor(validShare * 100)} %`),
    sortBy: ({ validShare }) => validShare,
  },
  {
    id: 'size',
    title: 'Size',
    width: 84,
    isNumber: true,
    cell: ({ bytes }) => (bytes === null ? '' : formatBytes(bytes)),
    sortBy: ({ bytes }) => bytes,
  },
  {
    id: 'issues',
    title: 'Issues',
    width: 120,
    cell: (row) => <Issues row={row} />,
    sortBy: ({ missingFiles, notes }) => missingFiles * 1000 + notes,
  },
]

function Issues({ row: { missingFiles, notes, stationSet } }: { readonly row: SourceRow }) {
  if (missingFiles > 0) return <Chip tone="warn">{counted(missingFiles, 'file')} not found</Chip>
  if (stationSet && !stationSet.hasPlaces) return <Chip tone="warn">no places</Chip>
  return notes > 0 ? <span className="text-2">{counted(notes, 'remark')}</span> : null
}

/** All sources of the project as a table, below the map that shows where they lie. */
export function DataStage() {
  const { rows, all, sources } = useSourceRows()
  const selected = useSelectedSource()
  useFootprintOverlay()
  // Before the table takes letters for the beginning of a name.
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows.find(({ id }) => id === selected)
    if (!row || event.ctrlKey || event.altKey || event.metaKey || !sourceKey(event.key, row)) return
    event.preventDefault()
    event.stopPropagation()
  }
  if (sources.isLoading) return <LoadingRows rows={5} label="Reading the list of datasets" />
  if (all.length === 0)
    return <EmptyState>Files dropped anywhere in this window are looked into before anything is added.</EmptyState>
  return (
    <div className="data-stage" role="presentation" onKeyDownCapture={onKeyDown}>
      <DataTable
        label="Datasets and stations"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        selected={selected}
        onSelect={selectSource}
        onOpen={showOnMap}
        initialSort={{ column: 'name', isDescending: false }}
        empty={<p className="text-2">Nothing has that name.</p>}
      />
    </div>
  )
}
