import { useEffect } from 'react'
import { Boundary } from '../widgets/Boundary.tsx'
import { session, useSession } from '../state/session.ts'
import { RunFollower } from '../panels/runs/index.tsx'
import { useDataCommands } from '../panels/data/index.tsx'
import { SidePanel } from './SidePanel.tsx'
import { Stage } from './Stage.tsx'
import { StatusBar } from './StatusBar.tsx'
import { TimeRegion } from './TimeRegion.tsx'
import { TopBar } from './TopBar.tsx'
import { placeOf } from './places.tsx'
import { useWorkspaceCommands } from './workspace-commands.ts'

/** Under this width the right panel is a drawer above the stage. */
const drawerBelow = 1200

/** The six regions of an open project. */
export function Window() {
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
