import { useEffect, useSyncExternalStore } from 'react'
import { Boundary } from '../widgets/Boundary.tsx'
import { session, useSession } from '../state/session.ts'
import { RunFollower } from '../panels/runs/index.tsx'
import { useDataCommands } from '../panels/data/index.tsx'
import { FieldWindow } from './FieldWindow.tsx'
import { SidePanel } from './SidePanel.tsx'
import { Stage } from './Stage.tsx'
import { StatusBar } from './StatusBar.tsx'
import { TimeRegion } from './TimeRegion.tsx'
import { TopBar } from './TopBar.tsx'
import { placeOf } from './places.tsx'
import { useWorkspaceCommands } from './workspace-commands.ts'

/** Under this width the right panel is a drawer above the stage. */
const drawerBelow = 1200

/** The window of a hand-held machine. A desktop window of the same width, as with 200 % zoom, keeps all places. */
const isHandHeld = '(max-width: 899px) and (pointer: coarse), (max-width: 599px)'

/** An open project: six regions, or one column on a narrow screen. */
export function Window() {
  return useMedia(isHandHeld) ? <FieldWindow /> : <WideWindow />
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}

function WideWindow() {
  const placeId = useSession((state) => state.place)
  const place = placeOf(placeId)
  useWorkspaceCommands()
  useDataCommands()
  useEffect(() => {
    // A drawer would hide the map at the start; it opens when something is chosen or on request.
    if (window.innerWidth < drawerBelow) session().set({ panels: { ...session().panels, isRightOpen: false } })
  }, [])
  return (
    <div className="window">
      <TopBar />
      <SidePanel side="left" Content={place.Left} />
      <Stage place={place} />
      <SidePanel side="right" Content={place.Right} />
      {place.hasTime && (
        <Boundary name="the time bar">
          <TimeRegion />
        </Boundary>
      )}
      <StatusBar />
      <RunFollower />
    </div>
  )
}
