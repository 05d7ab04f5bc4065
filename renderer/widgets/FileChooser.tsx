import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { endpoints } from '../../main/contract/index.ts'
import type { FolderEntry } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { Button, IconButton } from './Button.tsx'
import { DataTable } from './DataTable.tsx'
import type { Column } from './DataTable.tsx'
import { ErrorStrip, LoadingLine } from './PanelState.tsx'
import { Icon } from './Icon.tsx'
import { Sheet } from './Sheet.tsx'
import { Checkbox, TextField } from './fields.tsx'
import { useAsked } from './choose-files.ts'
import type { Asked } from './choose-files.ts'
import { formatBytes } from './format.ts'
import './file-chooser.css'

/** The sheet that lists files of the engine's machine, where there is no system dialog. */
export function FileChooser() {
  const asked = useAsked((state) => state.asked)
  return asked ? <Chooser key={asked.title} asked={asked} /> : null
}

const storageKey = 'loam.folder'

function Chooser({ asked }: { readonly asked: Asked }) {
  const { title, kind, glob, action, defaultName, answer } = asked
  const places = useQuery({ queryKey: ['places'], queryFn: ({ signal }) => call(endpoints.places, { signal }) })
  const [visited, visit] = useState<string | null>(localStorage.getItem(storageKey))
  /** What is typed into the folder field stays while listings arrive, until somewhere is gone to. */
  const [typed, setTyped] = useState<string | null>(null)
  const [name, setName] = useState(defaultName ?? '')
  const [cursor, setCursor] = useState<string | null>(null)
  const [marked, setMarked] = useState<readonly string[]>([])
  const start = places.data?.find((place) => place.kind === 'project') ?? places.data?.[0]
  const path = visited ?? start?.path ?? null
  const listing = useQuery({
    queryKey: ['folder', path, glob],
    queryFn: ({ signal }) => call(endpoints.folder, { query: { path: path ?? '', glob }, signal }),
    enabled: path !== null,
    placeholderData: (before) => before,
    staleTime: 0,
  })
  const go = (to: string) => {
    localStorage.setItem(storageKey, to)
    visit(to)
    setTyped(null)
    setCursor(null)
  }
  const here = listing.data?.path ?? path
  const isMany = kind === 'files'
  const chosen = chosenPaths()

  function chosenPaths(): string[] {
    if (kind === 'save') return here && name.trim() ? [`${here}/${name.trim()}`] : []
    if (isMany && marked.length > 0) return [...marked]
    const entry = listing.data?.entries.find((each) => each.path === cursor)
    if (kind === 'folder') return entry?.isFolder ? [entry.path] : here ? [here] : []
    return entry && !entry.isFolder ? [entry.path] : isMany && entry ? [entry.path] : []
  }

  const columns = useMemo((): Column<FolderEntry>[] => {
    const mark: Column<FolderEntry> = {
      id: 'mark',
      title: '',
      width: 36,
      cell: (entry) => (
        <Checkbox
          label={`Choose ${entry.name}`}
          isSelected={marked.includes(entry.path)}
          onChange={(isOn) => setMarked(isOn ? [...marked, entry.path] : marked.filter((each) => each !== entry.path))}
        >
          {null}
        </Checkbox>
      ),
    }
    return [
      ...(isMany ? [mark] : []),
      {
        id: 'name',
        title: 'Name',
        cell: ({ name: own, isFolder }) => (
          <span className="chooser-name">
            <Icon name={isFolder ? 'folder' : 'file'} />
            {own}
          </span>
        ),
        sortBy: ({ name: own, isFolder }) => `${isFolder ? 0 : 1}${own}`,
      },
      {
        id: 'size',
        title: 'Size',
        width: 96,
        isNumber: true,
        cell: ({ bytes, isFolder }) => (isFolder ? '' : formatBytes(bytes)),
        sortBy: ({ bytes, isFolder }) => (isFolder ? null : bytes),
      },
      {
        id: 'modified',
        title: 'Modified',
        width: 140,
        cell: ({ modifiedAtMs }) => new Date(modifiedAtMs).toISOString().slice(0, 16).replace('T', ' '),
        sortBy: ({ modifiedAtMs }) => modifiedAtMs,
      },
    ]
  }, [isMany, marked])

  const open = (entry: FolderEntry) => (entry.isFolder ? go(entry.path) : kind === 'file' && answer([entry.path]))
  return (
    <Sheet
      title={title}
      isOpen
      size="large"
      onClose={() => answer(null)}
      footer={
        <>
          <Button onPress={() => answer(null)}>Cancel</Button>
          <Button look="primary" isDisabled={chosen.length === 0} onPress={() => answer(chosen)}>
            {action ?? title}
          </Button>
        </>
      }
    >
      <div className="chooser">
        <nav className="chooser-places" aria-label="Places of this machine">
          {places.data?.map((place) => (
            <Button
              key={place.path}
              look="quiet"
              icon={place.kind === 'project' ? 'layers' : 'folder'}
              onPress={() => go(place.path)}
            >
              {place.name}
            </Button>
          ))}
        </nav>
        <div className="chooser-main">
          <div className="chooser-path">
            <IconButton
              icon="chevronUp"
              label="Folder above"
              isDisabled={!listing.data?.parent}
              onPress={() => listing.data?.parent && go(listing.data.parent)}
            />
            <TextField
              label="Folder"
              isLabelHidden
              value={typed ?? here ?? ''}
              onChange={setTyped}
              onEnter={() => typed !== null && go(typed)}
            />
          </div>
          <div className="chooser-list">
            <LoadingLine isShown={listing.isFetching} label="Reading the folder" />
            {listing.error ? (
              <ErrorStrip fault={listing.error} onRetry={() => void listing.refetch()} />
            ) : (
              <DataTable
                label="Files"
                columns={columns}
                rows={listing.data?.entries ?? []}
                keyOf={(entry) => entry.path}
                selected={cursor}
                onSelect={(entry) => setCursor(entry.path)}
                onOpen={open}
                empty={<p className="text-2">Nothing here{glob ? ` that matches ${glob}` : ''}.</p>}
              />
            )}
          </div>
          {kind === 'save' && <TextField label="File name" value={name} onChange={setName} />}
        </div>
      </div>
    </Sheet>
  )
}
