import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { endpoints } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { cancelTask, useTasks } from '../api/tasks.ts'
import { useCommands } from '../state/commands.ts'
import { sayFault, useNotices } from '../state/notices.ts'
import { Button } from '../widgets/Button.tsx'
import { Icon } from '../widgets/Icon.tsx'
import { Chip, EmptyState, Strip } from '../widgets/PanelState.tsx'
import { ProgressBar } from '../widgets/ProgressBar.tsx'
import { Sheet } from '../widgets/Sheet.tsx'
import { formatBytes } from '../widgets/format.ts'
import { PointerReadout } from './PointerReadout.tsx'

/** Place and value under the pointer, the machine, and everything that was said. */
export function StatusBar() {
  const [isListOpen, setListOpen] = useState(false)
  const notices = useNotices((state) => state.all)
  const warnings = notices.filter(({ tone }) => tone === 'bad' || tone === 'warn').length
  const machine = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => call(endpoints.status, { signal }),
    refetchInterval: 10_000,
    staleTime: 0,
  }).data
  useCommands(
    useMemo(
      () => [{ id: 'status.list', title: 'Messages and tasks', group: 'View' as const, run: () => setListOpen(true) }],
      [],
    ),
  )
  return (
    <footer className="status-bar" data-region="status" aria-label="Status">
      <PointerReadout />
      <span className="status-bar-gap" />
      {machine && (
        <>
          <span title="Memory of the engine, and what is free on this machine">
            memory {formatBytes(machine.engineMemoryBytes)}, {formatBytes(machine.freeMemoryBytes)} free
          </span>
          {machine.freeDiskBytes !== null && <span>disk {formatBytes(machine.freeDiskBytes)} free</span>}
        </>
      )}
      <button type="button" onClick={() => setListOpen(true)} aria-label={`Messages and tasks, ${warnings} warnings`}>
        <Icon name={warnings > 0 ? 'warning' : 'info'} size={14} />
        {warnings}
      </button>
      <Sheet title="Messages and tasks" isOpen={isListOpen} onClose={() => setListOpen(false)}>
        <StatusList />
      </Sheet>
    </footer>
  )
}

function StatusList() {
  const notices = useNotices((state) => state.all)
  const tasks = useTasks()
  if (notices.length + tasks.length === 0)
    return <EmptyState>Nothing was said and nothing goes on. Errors and long work are listed here.</EmptyState>
  return (
    <div className="form">
      {tasks.map((task) => (
        <div key={task.id} className="form-row">
          <div className="status-task">
            <strong>{task.title}</strong>{' '}
            <Chip tone={task.state === 'failed' ? 'bad' : task.state === 'done' ? 'good' : 'plain'}>{task.state}</Chip>
            {task.endedAtMs === null && (
              <ProgressBar
                label={task.title}
                value={task.total > 0 ? task.done / task.total : null}
                text={task.total > 0 ? `${task.doing} ${task.done} of ${task.total}` : task.doing}
              />
            )}
            {task.fault && <p className="text-2">{task.fault.message}</p>}
          </div>
          {task.state === 'running' && <Button onPress={() => void cancelTask(task.id).catch(sayFault)}>Stop</Button>}
        </div>
      ))}
      {notices.toReversed().map(({ id, tone, text, atMs }) => (
        <Strip key={id} tone={tone}>
          {new Date(atMs).toLocaleTimeString()} {text}
        </Strip>
      ))}
    </div>
  )
}
