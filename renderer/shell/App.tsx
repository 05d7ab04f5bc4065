import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import '@fontsource-variable/inter/index.css'
import './tokens.css'
import './base.css'
import './app.css'
import { queryClient } from '../api/query-client.ts'
import { followEvents } from '../api/events.ts'
import { useHello } from '../api/hello.ts'
import { listenForKeys } from '../state/commands.ts'
import { keepSession, keepTheme, session } from '../state/session.ts'
import { Boundary } from '../widgets/Boundary.tsx'
import { FileChooser } from '../widgets/FileChooser.tsx'
import { ImportSheet } from '../panels/data/import/ImportSheet.tsx'
import { DropTarget } from './DropTarget.tsx'
import { Home } from './Home.tsx'
import { Notices } from './Notices.tsx'
import { NewProjectSheet } from './NewProjectSheet.tsx'
import { Palette } from './Palette.tsx'
import { SettingsSheet } from './SettingsSheet.tsx'
import { ShortcutsSheet } from './ShortcutsSheet.tsx'
import { Window } from './Window.tsx'
import { useCoreCommands } from './core-commands.ts'
import { keepFocus } from './keep-focus.ts'
import { useDesktop } from './use-desktop.ts'

export function App() {
  useEffect(() => {
    keepTheme()
    keepSession()
    const stopKeys = listenForKeys({ mayUseLetters: () => session().hasLetterKeys })
    const stopEvents = followEvents()
    const stopFocus = keepFocus()
    return () => {
      stopFocus()
      stopKeys()
      stopEvents()
    }
  }, [])
  return (
    <QueryClientProvider client={queryClient}>
      <Boundary name="Loam">
        <Rooms />
      </Boundary>
      <Palette />
      <ShortcutsSheet />
      <SettingsSheet />
      <NewProjectSheet />
      <ImportSheet />
      <DropTarget />
      <FileChooser />
      <Notices />
    </QueryClientProvider>
  )
}

/** The start page while no project is open, else the window. */
function Rooms() {
  useCoreCommands()
  useDesktop()
  const hello = useHello()
  if (hello.data?.project) return <Window key={hello.data.project.path} />
  return <Home />
}
