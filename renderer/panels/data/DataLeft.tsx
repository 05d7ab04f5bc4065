import { useState } from 'react'
import { Header, ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components'
import { sourceRoles } from '../../../main/contract/index.ts'
import { session, useSession } from '../../state/session.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button, IconButton } from '../../widgets/Button.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { Chip, EmptyState, ErrorStrip, LoadingLine, LoadingRows } from '../../widgets/PanelState.tsx'
import { TextField } from '../../widgets/fields.tsx'
import { formatUnit } from '../../widgets/format.ts'
import { shownKeys } from '../../state/commands.ts'
import { FieldList } from './FieldList.tsx'
import { openDataPanel, useRenaming } from './data-panel.ts'
import { openDerive } from './derive/derive-store.ts'
import { locateFiles } from './locate-files.ts'
import { RenameSourceSheet } from './RenameSourceSheet.tsx'
import { chooseData } from './import/begin-import.ts'
import { assignRole, removeSource, selectSource, showOnMap, sourceKey } from './source-actions.ts'
import { useSelectedSource, useSourceRows } from './source-rows.ts'
import type { SourceRow } from './source-rows.ts'
import { roleWords } from './words.ts'

/** Datasets and stations by the part they play. */
export function DataLeft() {
  const { rows, all, sources } = useSourceRows()
  const filter = useSession((state) => state.filter.data ?? '')
  const [isFiltering, setFiltering] = useState(filter !== '')
  const renamed = useRenaming((state) => state.dataset)
  const isReadOnly = useWorkspaceStore((state) => state.isReadOnly)
  const selected = useSelectedSource()
  const search = (text: string) => session().set({ filter: { ...session().filter, data: text } })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return (
    <>
      <div className="panel-head">
        <h2>Data</h2>
        <IconButton
          icon="search"
          label="Search datasets"
          isActive={isFiltering}
          onPress={() => {
            if (isFiltering) search('')
            setFiltering(!isFiltering)
          }}
        />
        <IconButton icon="add" label="Add data" isDisabled={isReadOnly} onPress={() => void chooseData()} />
        <MenuButton
          label="More about the data"
          rows={[
            { id: 'grids', title: 'Area and grids', icon: 'raster', run: () => openDataPanel('grids') },
            {
              id: 'derive',
              title: 'Derive a field',
              keys: shownKeys('Ctrl+D'),
              icon: 'model',
              run: () => openDerive(),
            },
            {
              id: 'locate',
              title: 'Locate moved files …',
              icon: 'search',
              startsGroup: true,
              run: () => void locateFiles(),
            },
          ]}
        />
      </div>
      {isFiltering && (
        <div className="data-filter">
          <TextField label="Search datasets" isLabelHidden value={filter} onChange={search} autoFocus />
        </div>
      )}
      <LoadingLine isShown={sources.isFetching && !sources.isLoading} label="Reading the list of datasets" />
      {sources.error !== null && sources.error !== undefined && (
        <ErrorStrip fault={sources.error} onRetry={sources.retry} />
      )}
      {sources.isLoading ? (
        <LoadingRows rows={6} label="Reading the list of datasets" />
      ) : all.length === 0 ? (
        <EmptyState
          action={
            !isReadOnly && (
              <Button look="primary" icon="add" onPress={() => void chooseData()}>
                Add data
              </Button>
            )
          }
        >
          Drop a folder of daily files; Loam finds dates, units and grids and shows what it assumed.
        </EmptyState>
      ) : (
        <div
          className="source-list"
          onKeyDownCapture={(event) => {
            const row = selected ? byId.get(selected) : undefined
            const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey
            const isInList = event.target instanceof Element && event.target.closest('[role="listbox"]') !== null
            if (row && isPlain && isInList && sourceKey(event.key, row)) {
              event.preventDefault()
              event.stopPropagation()
            }
          }}
        >
          <ListBox
            aria-label="Datasets and stations. T sets the target, P a predictor, M a mask, U none, F2 renames."
            selectionMode="single"
            selectionBehavior="replace"
            selectedKeys={selected ? [selected] : []}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : keys
              const row = byId.get(String(key))
              if (row) selectSource(row)
            }}
            onAction={(key) => {
              const row = byId.get(String(key))
              if (row) showOnMap(row)
            }}
            renderEmptyState={() => <p className="source-none text-2">Nothing has that name.</p>}
          >
            {sourceRoles
              .filter((role) => rows.some((row) => row.role === role))
              .map((role) => (
                <ListBoxSection key={role} id={role}>
                  <Header className="source-group">
                    {roleWords[role]}
                    {role === 'predictor' || role === 'mask' ? 's' : ''}
                    <span className="text-2"> {rows.filter((row) => row.role === role).length}</span>
                  </Header>
                  {rows
                    .filter((row) => row.role === role)
                    .map((row) => (
                      <ListBoxItem key={row.id} id={row.id} textValue={row.name} className="source-item">
                        <Icon name={row.dataset ? 'raster' : 'station'} size={14} />
                        <span className="source-name" title={row.name}>
                          {row.name}
                        </span>
                        <Badges row={row} />
                        <span className="text-2 source-fact" title={factOf(row)}>
                          {factOf(row)}
                        </span>
                      </ListBoxItem>
                    ))}
                </ListBoxSection>
              ))}
          </ListBox>
          <FieldList />
          <SelectedActions row={selected ? byId.get(selected) : undefined} />
        </div>
      )}
      {renamed !== null && <RenameSourceSheet name={renamed} onClose={() => useRenaming.setState({ dataset: null })} />}
    </>
  )
}

function Badges({ row }: { readonly row: SourceRow }) {
  return (
    <>
      {row.missingFiles > 0 && <Chip tone="warn">source not found</Chip>}
      {row.isTargetSet && <Chip tone="info">target</Chip>}
    </>
  )
}

const factOf = ({ unit, grid }: SourceRow) => [formatUnit(unit.split(', ')[0] ?? ''), grid].filter(Boolean).join(' · ')

/** What can be done with the selected row; a list of choices cannot hold buttons itself. */
function SelectedActions({ row }: { readonly row?: SourceRow }) {
  if (!row) return null
  const roles = row.dataset ? (['target', 'predictor', 'mask', 'unassigned'] as const) : (['target'] as const)
  const keys = { target: 'T', predictor: 'P', mask: 'M', unassigned: 'U' }
  return (
    <div className="source-actions" role="toolbar" aria-label={`Actions for ${row.name}`}>
      {row.dataset && (
        <Button icon="layers" onPress={() => showOnMap(row)}>
          Add to map
        </Button>
      )}
      <MenuButton
        label={`Use as, ${row.name}`}
        text="Use as"
        rows={roles.map((role) => ({
          id: role,
          title: roleWords[role],
          keys: keys[role],
          icon: row.role === role ? ('check' as const) : undefined,
          run: () => assignRole(row, role),
        }))}
      />
      <MenuButton
        label={`Rename or take out ${row.name}`}
        rows={[
          ...(row.dataset
            ? [
                {
                  id: 'rename',
                  title: 'Rename …',
                  keys: 'F2',
                  icon: 'edit' as const,
                  run: () => useRenaming.setState({ dataset: row.name }),
                },
              ]
            : []),
          { id: 'remove', title: 'Take out', keys: 'Del', icon: 'trash', run: () => removeSource(row) },
        ]}
      />
    </div>
  )
}
