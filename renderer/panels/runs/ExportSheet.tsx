import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { endpoints } from '../../../main/contract/index.ts'
import type { Day, ExportPlan, RunDetails } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { chooseFiles } from '../../widgets/choose-files.ts'
import { Button } from '../../widgets/Button.tsx'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { ErrorStrip, LoadingLine, Strip } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { Checkbox, Select, TextField } from '../../widgets/fields.tsx'
import { formatBytes, formatCount } from '../../widgets/format.ts'
import { writeExport } from './run-actions.ts'
import { useExport } from './runs-state.ts'

/** What of a run's maps is written where: names and sizes first. */
export function ExportSheet() {
  const run = useExport((state) => state.run)
  return run && <Choice key={run.id} run={run} onClose={() => useExport.setState({ run: null })} />
}

const formats = [
  { id: 'cog', name: 'GeoTIFF', hint: 'Cloud-optimised, a file a day, with a STAC item each' },
  { id: 'netcdf', name: 'NetCDF-CF', hint: 'A file a month' },
  { id: 'both', name: 'Both' },
] as const
type Format = (typeof formats)[number]['id']

/** Where the last export went, so that the next one begins there. */
const folderKey = 'loam export folder'

const columns: readonly Column<ExportPlan['files'][number]>[] = [
  { id: 'name', title: 'File', cell: ({ name }) => <span title={name}>{name}</span>, sortBy: ({ name }) => name },
  {
    id: 'size',
    title: 'Size',
    width: 96,
    isNumber: true,
    cell: ({ bytes }) => formatBytes(bytes),
    sortBy: ({ bytes }) => bytes,
  },
]

function Choice({ run, onClose }: { readonly run: RunDetails; readonly onClose: () => void }) {
  const done = run.days.flatMap(({ day, state }) => (state === 'done' ? [day] : []))
  const [format, setFormat] = useState<Format>('cog')
  const [hasLayers, setHasLayers] = useState(true)
  const [withStyles, setWithStyles] = useState(true)
  const [withModel, setWithModel] = useState(true)
  const [from, setFrom] = useState<string>(done[0] ?? '')
  const [to, setTo] = useState<string>(done.at(-1) ?? '')
  const [folder, setFolder] = useState(localStorage.getItem(folderKey) ?? '')
  const [name, setName] = useState(`${run.name.replace(/[^\w-]+/g, '-')}-${run.id}`)
  const days = done.filter((day) => day >= from && day <= to)
  const contents = {
    days: days.length === done.length ? undefined : ([...days] as Day[]),
    layers: hasLayers ? undefined : ['mean'],
    format,
    withStyles,
    withModel,
  }
  const plan = useQuery({
    queryKey: ['run', run.id, 'export', contents, folder],
    queryFn: ({ signal }) =>
      call(endpoints.planExport, { params: { run: run.id }, body: { folder: folder || null, ...contents }, signal }),
    enabled: days.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const { files = [], bytes = 0, freeBytes = null } = plan.data ?? {}
  const isTooLarge = freeBytes !== null && bytes > freeBytes
  const canWrite = plan.isSuccess && days.length > 0 && folder !== '' && name.trim() !== '' && !isTooLarge
  const browse = async () => {
    const chosen = await chooseFiles({ title: 'Folder to export to', kind: 'folder', action: 'Use this folder' })
    if (chosen) setFolder(chosen[0])
  }
  const write = () => {
    localStorage.setItem(folderKey, folder)
    void writeExport(run.id, { folder, name: name.trim(), ...contents })
    onClose()
  }
  return (
    <Sheet
      title={`Export maps of ${run.id}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" isDisabled={!canWrite} onPress={write}>
            {files.length === 0
              ? 'Export'
              : `Export ${formatCount(files.length)} ${files.length === 1 ? 'file' : 'files'}, ${formatBytes(bytes)}`}
          </Button>
        </>
      }
    >
      <div className="form">
        <Select label="Format" value={format} onChange={setFormat} choices={formats} />
        <div className="form-row">
          <TextField label="First day" value={from} onChange={setFrom} />
          <TextField
            label="Last day"
            value={to}
            onChange={setTo}
            fault={days.length === 0 ? `No map between these days. The run has ${done[0]} … ${done.at(-1)}.` : null}
          />
        </div>
        {run.layers.length > 1 && (
          <Checkbox isSelected={hasLayers} onChange={setHasLayers}>
            Uncertainty and other layers beside the map
          </Checkbox>
        )}
        {format !== 'netcdf' && (
          <Checkbox isSelected={withStyles} onChange={setWithStyles}>
            Styles for QGIS (QML) and map servers (SLD)
          </Checkbox>
        )}
        <Checkbox isSelected={withModel} onChange={setWithModel}>
          Model, plan and results
        </Checkbox>
        <p className="text-2">
          Each file says for every cell without a value why it has none: band 2 of a GeoTIFF, the variable “reason” of a
          NetCDF file.
        </p>
        <div className="form-row">
          <TextField label="Folder" value={folder} onChange={setFolder} />
          <Button onPress={() => void browse()}>Browse …</Button>
        </div>
        <TextField label="Name of the new folder" value={name} onChange={setName} />
        {plan.error && <ErrorStrip fault={plan.error} />}
        {isTooLarge && (
          <Strip tone="warn">{formatBytes(freeBytes)} are free there. Choose fewer days, or another folder.</Strip>
        )}
        <LoadingLine isShown={plan.isFetching} label="Listing the files" />
        {files.length > 0 && (
          <div style={{ height: Math.min(240, 34 + files.length * 26) }}>
            <DataTable label="Files of the export" columns={columns} rows={files} keyOf={(file) => file.name} />
          </div>
        )}
      </div>
    </Sheet>
  )
}
