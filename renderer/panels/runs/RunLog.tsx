import { useState } from 'react'
import type { RunDetails, RunLogLine } from '../../../main/contract/index.ts'
import { useRunLog } from '../../api/run-queries.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { stateWords, stepTitles } from './run-words.ts'

const columns: readonly Column<RunLogLine>[] = [
  { id: 'n', title: 'Line', width: 64, isNumber: true, cell: ({ n }) => n },
  { id: 'event', title: 'Event', width: 80, cell: ({ event }) => event },
  { id: 'what', title: 'What', cell: (line) => <span title={logWords(line)}>{logWords(line)}</span> },
]

const keyOf = ({ n }: RunLogLine) => String(n)

/** The run's log, of which only the lines in view are in the page; the chosen line stands whole below, as it is in the file. */
export function RunLog({ run }: { readonly run: RunDetails }) {
  const [isOpen, setOpen] = useState(false)
  const [chosen, choose] = useState<string | null>(null)
  const log = useRunLog(run.id, isOpen)
  const line = log.data?.find((each) => keyOf(each) === chosen)
  return (
    <details className="run-log" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Log</summary>
      {log.error && <ErrorStrip fault={log.error} onRetry={() => void log.refetch()} />}
      {isOpen && log.isLoading && <LoadingRows label="Reading the log" />}
      {isOpen && log.data && (
        <>
          <div className="run-log-table">
            <DataTable
              label="Log"
              columns={columns}
              rows={log.data}
              keyOf={keyOf}
              selected={chosen}
              onSelect={(each) => choose(keyOf(each))}
              empty={<p className="text-2">Nothing is written yet.</p>}
            />
          </div>
          {line && (
            <div role="group" aria-label="The chosen line">
              <pre>{JSON.stringify(line, null, 1)}</pre>
            </div>
          )}
        </>
      )}
    </details>
  )
}

/** A line of the log as a sentence. */
function logWords(line: RunLogLine): string {
  switch (line.event) {
    case 'step': {
      const { step, state, total, reused, computed, seconds } = line
      const title = stepTitles[step]
      if (state === 'started') return `${title}: begins, ${total} parts`
      return `${title}: done in ${seconds.toFixed(1)} s, ${computed} parts computed, ${reused} reused`
    }
    case 'progress':
      return `${stepTitles[line.step]}: ${line.done} of ${line.total}`
    case 'warning':
      return line.message
    case 'state': {
      const { words } = stateWords({ state: line.state, place: null, startedAtMs: 0 })
      return line.message === '' ? words : `${words}: ${line.message}`
    }
  }
}
