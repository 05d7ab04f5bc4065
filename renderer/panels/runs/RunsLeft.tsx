import { useMemo } from 'react'
import type { RunSummary } from '../../../main/contract/index.ts'
import { useRuns } from '../../api/run-queries.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { Chip, EmptyState, ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { Select } from '../../widgets/fields.tsx'
import { stateWords } from './run-words.ts'
import { useRunsPlace, useShownRun } from './runs-state.ts'
import type { RunFilter } from './runs-state.ts'
import './runs.css'

const filters: readonly { id: RunFilter; name: string; states: readonly string[] | null }[] = [
  { id: 'all', name: 'All runs', states: null },
  { id: 'underWay', name: 'Under way', states: ['waiting', 'running', 'pausing', 'cancelling'] },
  { id: 'done', name: 'Done', states: ['done', 'done_with_warnings'] },
  { id: 'stopped', name: 'Stopped', states: ['paused', 'cancelled', 'failed', 'interrupted'] },
]

const columns: readonly Column<RunSummary>[] = [
  {
    id: 'run',
    title: 'Run',
    cell: (run) => {
      const { words, tone } = stateWords(run)
      return (
        <span className="run-row">
          <span className="run-row-name">
            {run.name} <span className="text-2">{run.id}</span>
          </span>
          <span className="run-row-state">
            <Chip tone={tone}>{words}</Chip>
            <span className="text-2">{whenWords(run)}</span>
          </span>
        </span>
      )
    },
  },
]

/** The runs of the project, newest first. */
export function RunsLeft() {
  const runs = useRuns()
  const filter = useRunsPlace((state) => state.filter)
  const shown = useShownRun()
  const rows = useMemo(() => {
    const states = filters.find(({ id }) => id === filter)?.states
    return (runs.data ?? []).filter(({ state }) => !states || states.includes(state))
  }, [runs.data, filter])
  return (
    <div className="runs-left">
      <div className="panel-head">
        <h2>Runs</h2>
      </div>
      {runs.error && <ErrorStrip fault={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isLoading && <LoadingRows label="Reading the list of runs" />}
      {runs.data?.length === 0 && (
        <EmptyState
          action={
            <Button look="primary" onPress={() => session().set({ place: 'model' })}>
              Make a recipe
            </Button>
          }
        >
          No runs yet. A run never changes your inputs.
        </EmptyState>
      )}
      {runs.data && runs.data.length > 0 && (
        <>
          <div className="runs-filter">
            <Select
              label="Show"
              isLabelHidden
              value={filter}
              choices={filters}
              onChange={(next) => useRunsPlace.setState({ filter: next })}
            />
          </div>
          <div className="runs-list">
            <DataTable
              label="Runs"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              rowHeight={52}
              selected={shown}
              onSelect={({ id }) => {
                session().set({ selection: { kind: 'run', run: id } })
                useRunsPlace.setState({ compareWith: null })
              }}
              empty={<p className="text-2 runs-none">No run is in this state.</p>}
            />
          </div>
        </>
      )}
    </div>
  )
}

function whenWords({ createdAtMs, startedAtMs, endedAtMs }: RunSummary): string {
  const at = endedAtMs ?? startedAtMs ?? createdAtMs
  const date = new Date(at)
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) : date.toLocaleDateString()
}
