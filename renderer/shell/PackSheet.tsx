import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { create } from 'zustand'
import { endpoints } from '../../main/contract/index.ts'
import type { LeftOutside, PackReport, PackedData } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { useHello } from '../api/hello.ts'
import { taskResult } from '../api/tasks.ts'
import { say, sayFault } from '../state/notices.ts'
import { workspaceSaved } from '../state/workspace.ts'
import { chooseFiles } from '../widgets/choose-files.ts'
import { Button } from '../widgets/Button.tsx'
import { DataTable } from '../widgets/DataTable.tsx'
import type { Column } from '../widgets/DataTable.tsx'
import { ErrorStrip, LoadingLine, Strip } from '../widgets/PanelState.tsx'
import { Sheet } from '../widgets/Sheet.tsx'
import { Select, TextField } from '../widgets/fields.tsx'
import { formatBytes, formatCount } from '../widgets/format.ts'

const useOpen = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }))
export const openPackSheet = () => useOpen.setState({ isOpen: true })

/** The project in one folder for another machine: what goes along and what stays outside, before it is written. */
export function PackSheet() {
  const isOpen = useOpen((state) => state.isOpen)
  return isOpen && <Choice onClose={() => useOpen.setState({ isOpen: false })} />
}

const choices = [
  { id: 'all', name: 'All data of the project' },
  { id: 'used', name: 'Data in use', hint: 'By the recipe, a layer or a run: runs can be reproduced' },
  { id: 'none', name: 'No data', hint: 'Project, runs and maps; runs are reproduced once data are located' },
] as const satisfies readonly { readonly id: PackedData; readonly name: string; readonly hint?: string }[]

/** Where the last pack went, so that the next one begins there. */
const folderKey = 'loam pack folder'

const columns: readonly Column<LeftOutside>[] = [
  {
    id: 'path',
    title: 'Stays outside',
    width: 260,
    cell: ({ path }) => <span title={path}>{path.replace(/^.*[\\/]/, '')}</span>,
    sortBy: ({ path }) => path,
  },
  { id: 'why', title: 'Why', cell: ({ why }) => <span title={why}>{why}</span>, sortBy: ({ why }) => why },
]

function Choice({ onClose }: { readonly onClose: () => void }) {
  const projectName = useHello().data?.project?.name ?? 'project'
  const [data, setData] = useState<PackedData>('all')
  const [folder, setFolder] = useState(localStorage.getItem(folderKey) ?? '')
  const [name, setName] = useState(`${projectName.replace(/[^\p{L}\p{N}_-]+/gu, '-')}-pack`)
  const plan = useQuery({
    queryKey: ['pack', data, folder],
    queryFn: async ({ signal }) => {
      await workspaceSaved()
      return call(endpoints.planPack, { body: { data, folder: folder || null }, signal })
    },
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const { files = 0, bytes = 0, outside = [], freeBytes = null } = plan.data ?? {}
  const isTooLarge = freeBytes !== null && bytes > freeBytes
  const browse = async () => {
    const chosen = await chooseFiles({ title: 'Folder to pack into', kind: 'folder', action: 'Use this folder' })
    if (chosen) setFolder(chosen[0])
  }
  const pack = () => {
    localStorage.setItem(folderKey, folder)
    void write({ folder, name: name.trim(), data })
    onClose()
  }
  return (
    <Sheet
      title={`Pack ${projectName}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            look="primary"
            isDisabled={!plan.isSuccess || folder === '' || name.trim() === '' || isTooLarge}
            onPress={pack}
          >
            {plan.isSuccess ? `Pack ${formatCount(files)} files, ${formatBytes(bytes)}` : 'Pack project'}
          </Button>
        </>
      }
    >
      <div className="form">
        <Select label="Data that go along" value={data} onChange={setData} choices={choices} />
        <div className="form-row">
          <TextField label="Folder" value={folder} onChange={setFolder} />
          <Button onPress={() => void browse()}>Browse …</Button>
        </div>
        <TextField
          label="Name of the new folder"
          value={name}
          onChange={setName}
          hint="With the project file, its runs and pictures, an RO-Crate of everything with hashes, and the methods in words."
        />
        {plan.error && <ErrorStrip fault={plan.error} />}
        {isTooLarge && (
          <Strip tone="warn">{formatBytes(freeBytes)} are free there. Pack less data, or choose another folder.</Strip>
        )}
        <LoadingLine isShown={plan.isFetching} label="Listing the files" />
        {plan.isSuccess && outside.length === 0 && <p className="text-2">Nothing stays outside.</p>}
        {outside.length > 0 && (
          <div style={{ height: Math.min(240, 34 + outside.length * 26) }}>
            <DataTable
              label="What stays outside"
              columns={columns}
              rows={outside}
              keyOf={({ path, why }) => `${path} ${why}`}
            />
          </div>
        )}
      </div>
    </Sheet>
  )
}

async function write(body: { readonly folder: string; readonly name: string; readonly data: PackedData }) {
  try {
    const { folder, files, bytes } = await taskResult<PackReport>(await call(endpoints.packProject, { body }))
    const bridge = window.loam
    const action = bridge && { title: 'Show in folder', run: () => bridge.reveal(folder) }
    say('good', `${formatCount(files)} files, ${formatBytes(bytes)}, in ${folder}`, action)
  } catch (thrown) {
    sayFault(thrown)
  }
}
