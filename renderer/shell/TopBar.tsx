import { useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { useHello } from '../api/hello.ts'
import { useTasks } from '../api/tasks.ts'
import { useLiveRuns } from '../api/runs.ts'
import { runCommand, shownKeys, useAllCommands } from '../state/commands.ts'
import { session, useSession } from '../state/session.ts'
import { useWorkspaceStore } from '../state/workspace.ts'
import { Button, IconButton } from '../widgets/Button.tsx'
import { Icon } from '../widgets/Icon.tsx'
import { MenuButton } from '../widgets/MenuButton.tsx'
import { useIsDrawer } from './drawer.ts'
import { placeOf, places } from './places.tsx'

/** Project, places, search, and what is under way. */
export function TopBar() {
  const hello = useHello()
  const isSaving = useWorkspaceStore((state) => state.isSaving)
  const project = hello.data?.project
  return (
    <header className="top-bar" data-region="top">
      <div className="top-bar-project">
        <ProjectMenu />
        <span className="top-bar-name" title={project?.path}>
          {project?.name}
        </span>
        <span className="top-bar-saved" role="status">
          {project?.mode === 'read' ? 'viewing only' : isSaving ? 'saving …' : 'saved'}
        </span>
      </div>
      <PlaceTabs />
      <div className="top-bar-end">
        <button type="button" className="search-button" onClick={() => runCommand('palette')}>
          <Icon name="search" />
          <span>Search or run</span>
          <kbd>{shownKeys('Ctrl+K')}</kbd>
        </button>
        <UnderWay />
        <DrawerToggle />
      </div>
    </header>
  )
}

export function ProjectMenu() {
  const commands = useAllCommands()
  const rows = ['Project', 'Edit', 'View', 'Help'].flatMap((group, i) =>
    commands
      .filter((command) => command.group === group)
      .map((command, j) => ({
        id: command.id,
        title: command.title,
        keys: command.keys?.[0] && shownKeys(command.keys[0]),
        isDisabled: Boolean(command.unavailable?.()),
        startsGroup: i > 0 && j === 0,
        run: command.run,
      })),
  )
  return <MenuButton label="Menu" icon="menu" rows={rows} />
}

function PlaceTabs() {
  const place = useSession((state) => state.place)
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const [next, before] = event.currentTarget.matches(':dir(rtl)')
      ? ['ArrowLeft', 'ArrowRight']
      : ['ArrowRight', 'ArrowLeft']
    const step = { [next]: 1, [before]: -1 }[event.key]
    if (!step) return
    const at = places.findIndex(({ id }) => id === place)
    const to = (at + step + places.length) % places.length
    session().set({ place: places[to].id })
    list.current?.querySelectorAll('button')[to].focus()
    event.preventDefault()
  }
  return (
    <div ref={list} className="place-tabs" role="tablist" aria-label="Places" onKeyDown={onKeyDown}>
      {places.map(({ id, title }, i) => (
        <button
          key={id}
          type="button"
          role="tab"
          className="place-tab"
          aria-selected={id === place}
          tabIndex={id === place ? 0 : -1}
          title={shownKeys(`Ctrl+${i + 1}`)}
          onClick={() => session().set({ place: id })}
        >
          {title}
        </button>
      ))}
    </div>
  )
}

/** Where the right panel lies over the map, the window says so. */
function DrawerToggle() {
  const isOpen = useSession(({ panels }) => panels.isRightOpen)
  const hasPanel = useSession(({ place }) => placeOf(place).Right !== null)
  if (!useIsDrawer() || !hasPanel) return null
  return (
    <IconButton
      icon="panelRight"
      label="Right panel"
      keys={shownKeys('Ctrl+I')}
      isActive={isOpen}
      onPress={() => runCommand('panel.right')}
    />
  )
}

/** How many runs and tasks go on; leads to them. */
function UnderWay() {
  const runs = useLiveRuns()
  const tasks = useTasks().filter(({ state }) => state === 'running' || state === 'cancelling')
  const count = runs.length + tasks.length
  if (count === 0) return <IconButton icon="run" label="Runs" onPress={() => session().set({ place: 'runs' })} />
  const words = [
    runs.length > 0 ? `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}` : '',
    tasks.length > 0 ? `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}` : '',
  ]
  return (
    <Button look="quiet" icon="run" onPress={() => runCommand(runs.length > 0 ? 'place.runs' : 'status.list')}>
      {words.filter(Boolean).join(', ')}
    </Button>
  )
}
