import { useEffect, useMemo } from 'react'
import { useHello } from '../api/hello.ts'
import { useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { session } from '../state/session.ts'
import { followWorkspace, stepHistory, useWorkspaceStore } from '../state/workspace.ts'
import { places } from './places.tsx'
import { openPackSheet } from './PackSheet.tsx'
import { closeProject } from './project-actions.ts'

/** Commands of an open project, and its document kept up to date. */
export function useWorkspaceCommands(): void {
  const project = useHello().data?.project
  const isReadOnly = project?.mode === 'read'
  useEffect(() => followWorkspace(isReadOnly), [isReadOnly])
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'undo',
          title: 'Undo',
          keys: ['Ctrl+Z'],
          group: 'Edit',
          unavailable: () => (useWorkspaceStore.getState().undo ? null : 'nothing to undo'),
          run: () => void stepHistory('undo'),
        },
        {
          id: 'redo',
          title: 'Redo',
          keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
          group: 'Edit',
          unavailable: () => (useWorkspaceStore.getState().redo ? null : 'nothing to redo'),
          run: () => void stepHistory('redo'),
        },
        ...places.map(
          ({ id, title }, i): Command => ({
            id: `place.${id}`,
            title: `Go to ${title}`,
            keys: [`Ctrl+${i + 1}`],
            group: 'View',
            run: () => session().set({ place: id }),
          }),
        ),
        { id: 'panel.left', title: 'Left panel', keys: ['Ctrl+B'], group: 'View', run: () => toggle('isLeftOpen') },
        { id: 'panel.right', title: 'Right panel', keys: ['Ctrl+I'], group: 'View', run: () => toggle('isRightOpen') },
        { id: 'panel.dock', title: 'Charts', keys: ['Ctrl+J'], group: 'View', run: toggleDock },
        { id: 'panel.time', title: 'Fold the time bar', group: 'View', run: () => toggle('isTimeFolded') },
        { id: 'project.pack', title: 'Pack project …', group: 'Project', run: openPackSheet },
        { id: 'project.close', title: 'Close project', group: 'Project', run: closeProject },
      ],
      [],
    ),
  )
}

function toggle(panel: 'isLeftOpen' | 'isRightOpen' | 'isTimeFolded'): void {
  const { panels, set } = session()
  set({ panels: { ...panels, [panel]: !panels[panel] } })
}

function toggleDock(): void {
  const { panels, place, set } = session()
  set({ panels: { ...panels, closedDocks: { ...panels.closedDocks, [place]: panels.closedDocks[place] !== true } } })
}
