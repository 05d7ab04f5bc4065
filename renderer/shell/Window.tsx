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

/** Under this width the window is that of a hand-held machine. */
const fieldBelow = 900

/** An open project: six regions, or one column on a narrow screen. */
export function Window() {
  return useIsNarrow(fieldBelow) ? <FieldWindow /> : <WideWindow />
}

function useIsNarrow(width: number): boolean {
  const query = `(max-width: ${width - 1}px)`
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
