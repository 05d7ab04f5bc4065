import { useMemo } from 'react'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { openDataPanel, useDataPanel } from './data-panel.ts'
import { closeDerive, openDerive } from './derive/derive-store.ts'
import { chooseData } from './import/begin-import.ts'
import { locateFiles } from './locate-files.ts'

/** Commands of the data that work in every place of an open project. */
export function useDataCommands(): void {
  useCommands(
    useMemo((): Command[] => {
      const unavailable = () =>
        useWorkspaceStore.getState().isReadOnly ? 'the project is open for viewing only' : null
      return [
        {
          id: 'data.add',
          title: 'Add data …',
          keys: ['Ctrl+Shift+A'],
          group: 'Data',
          unavailable,
          run: () => void chooseData(),
        },
        { id: 'data.grids', title: 'Area and grids', group: 'Data', run: () => openDataPanel('grids') },
        { id: 'data.derive', title: 'Derive a field', keys: ['Ctrl+D'], group: 'Data', run: () => openDerive() },
        {
          id: 'data.card',
          title: 'Close grids or field in the making',
          keys: ['Escape'],
          group: 'Data',
          unavailable: () => (useDataPanel.getState().panel === 'card' ? 'neither is open' : null),
          run: () => closeDerive(),
        },
        { id: 'data.locate', title: 'Locate moved files …', group: 'Data', unavailable, run: () => void locateFiles() },
      ]
    }, []),
  )
}
