import type { RelinkResult } from '../../../main/contract/index.ts'
import { Button } from '../../widgets/Button.tsx'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { EmptyState, ErrorStrip } from '../../widgets/PanelState.tsx'
import { ProgressBar } from '../../widgets/ProgressBar.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { closeRelinking, locateFiles, takeMatches, useRelinking } from './locate-files.ts'
import { counted } from './words.ts'

interface Row {
  readonly dataset: string
  readonly from: string
  /** Null for one that was not found. */
  readonly to: string | null
}

const nameOf = (path: string) => path.replace(/^.*[\\/]/, '')

const columns: readonly Column<Row>[] = [
  { id: 'dataset', title: 'Dataset', width: 160, cell: ({ dataset }) => dataset, sortBy: ({ dataset }) => dataset },
  {
    id: 'from',
    title: 'File',
    width: 220,
    cell: ({ from }) => <span title={from}>{nameOf(from)}</span>,
    sortBy: ({ from }) => from,
  },
  {
    id: 'to',
    title: 'Found as',
    cell: ({ to }) => (to === null ? <span className="text-2">not found here</span> : <span title={to}>{to}</span>),
    sortBy: ({ to }) => to,
  },
]

/** Files that moved: what was found in a folder by its contents, before the project is told. */
export function RelinkSheet() {
  const { folder, matches, fault } = useRelinking()
  const found = matches?.found.length ?? 0
  return (
    <Sheet
      title="Locate moved files"
      isOpen={folder !== null}
      size="large"
      onClose={closeRelinking}
      footer={
        <>
          <Button onPress={closeRelinking}>Cancel</Button>
          {(matches !== null || fault !== null) && (
            <Button icon="search" onPress={() => void locateFiles()}>
              Look in another folder …
            </Button>
          )}
          <Button look="primary" isDisabled={found === 0} onPress={() => void takeMatches()}>
            {found === 0 ? 'Link files' : `Link ${counted(found, 'file')}`}
          </Button>
        </>
      }
    >
      <div className="relink">
        {fault !== null && <ErrorStrip fault={fault} />}
        {!matches && fault === null && (
          <ProgressBar
            label="Looking for moved files"
            value={null}
            text={`Comparing sizes and contents in ${folder} and below`}
          />
        )}
        {matches && <Matches matches={matches} folder={folder ?? ''} />}
      </div>
    </Sheet>
  )
}

function Matches({ matches: { found, missing }, folder }: { readonly matches: RelinkResult; readonly folder: string }) {
  if (found.length + missing.length === 0) return <EmptyState>All files are where they should be.</EmptyState>
  const rows: Row[] = [...found, ...missing.map(({ dataset, path }) => ({ dataset, from: path, to: null }))]
  return (
    <>
      <p>
        {found.length === 0
          ? `None of ${counted(missing.length, 'missing file')} lies in ${folder}.`
          : `${counted(found.length, 'file')} of ${counted(new Set(found.map(({ dataset }) => dataset)).size, 'dataset')} found, known by size and contents.`}{' '}
        {found.length > 0 && missing.length > 0 && `${counted(missing.length, 'file')} not found.`}
      </p>
      <div className="relink-list" style={{ height: Math.min(360, 34 + rows.length * 26) }}>
        <DataTable
          label="Moved files"
          columns={columns}
          rows={rows}
          keyOf={({ dataset, from }) => `${dataset} ${from}`}
        />
      </div>
    </>
  )
}
