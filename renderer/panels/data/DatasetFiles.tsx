import type { DatasetCard } from '../../../main/contract/index.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { formatBytes } from '../../widgets/format.ts'

type Row = DatasetCard['files'][number]

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'File',
    cell: ({ path, isThere, sha256 }) => (
      <span className="file-name" title={`${path}\nSHA-256 ${sha256}`}>
        {!isThere && <Icon name="warning" size={12} />}
        {!isThere && <span className="visually-hidden">not found: </span>}
        {path.replace(/^.*[\\/]/, '')}
      </span>
    ),
    sortBy: ({ path }) => path,
  },
  { id: 'day', title: 'Date', width: 100, cell: ({ day }) => day ?? 'static', sortBy: ({ day }) => day },
  {
    id: 'size',
    title: 'Size',
    width: 68,
    isNumber: true,
    cell: ({ bytes }) => formatBytes(bytes),
    sortBy: ({ bytes }) => bytes,
  },
]

/** The files of a dataset with their dates and fingerprints. */
export function DatasetFiles({ files }: { readonly files: readonly Row[] }) {
  return (
    <div className="file-list" style={{ height: Math.min(260, 32 + files.length * 26) }}>
      <DataTable label="Source files" columns={columns} rows={files} keyOf={({ path }) => path} />
    </div>
  )
}
