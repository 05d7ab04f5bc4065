import { useMemo } from 'react'
import { useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { session } from '../state/session.ts'
import type { Session } from '../state/session.ts'
import { cycleRegions } from './regions.ts'
import { openSettings } from './SettingsSheet.tsx'
import { openShortcuts } from './ShortcutsSheet.tsx'
import { openProjectFile, startNewProject, startSample } from './project-actions.ts'

/** Commands that are there with or without a project. */
export function useCoreCommands(): void {
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'project.new',
          title: 'New project …',
          keys: ['Ctrl+Shift+N'],
          group: 'Project',
          run: () => startNewProject(),
        },
        { id: 'project.open', title: 'Open project …', keys: ['Ctrl+O'], group: 'Project', run: openProjectFile },
        { id: 'project.sample', title: 'Make the sample project …', group: 'Project', run: startSample },
        { id: 'settings', title: 'Settings', keys: ['Ctrl+,'], group: 'View', run: openSettings },
        { id: 'theme.light', title: 'Light appearance', group: 'View', run: () => theme('light') },
        { id: 'theme.dark', title: 'Dark appearance', group: 'View', run: () => theme('dark') },
        { id: 'theme.system', title: 'Appearance of the system', group: 'View', run: () => theme('system') },
        { id: 'regions.next', title: 'Next region', keys: ['F6'], group: 'View', run: () => cycleRegions(1) },
        {
          id: 'regions.back',
          title: 'Previous region',
          keys: ['Shift+F6'],
          group: 'View',
          run: () => cycleRegions(-1),
        },
        { id: 'shortcuts', title: 'All keys', keys: ['?'], group: 'Help', run: openShortcuts },
      ],
      [],
    ),
  )
}

function theme(next: Session['theme']): void {
  session().set({ theme: next })
}
