import { Boundary } from '../widgets/Boundary.tsx'
import { useSession } from '../state/session.ts'
import { ExportSheet, RunFollower } from '../panels/runs/index.tsx'
import { RelinkSheet, useDataCommands } from '../panels/data/index.tsx'
import { FieldWindow } from './FieldWindow.tsx'
import { PackSheet } from './PackSheet.tsx'
import { SidePanel } from './SidePanel.tsx'
import { Stage } from './Stage.tsx'
import { StatusBar } from './StatusBar.tsx'
import { TimeRegion } from './TimeRegion.tsx'
import { TopBar } from './TopBar.tsx'
import { useDrawer } from './drawer.ts'
import { placeOf } from './places.tsx'
import { useMedia } from '../widgets/use-media.ts'
import { useWorkspaceCommands } from './workspace-commands.ts'

/** The window of a hand-held machine. A desktop window of the same width, as with 200 % zoom, keeps all places. */
const isHandHeld = '(max-width: 899px) and (pointer: coarse), (max-width: 599px)'

/** An open project: six regions, or one column on a narrow screen. */
export function Window() {
  return useMedia(isHandHeld) ? <FieldWindow /> : <WideWindow />
}

function WideWindow() {
  const placeId = useSession((state) => state.place)
  const place = placeOf(placeId)
  useWorkspaceCommands()
  useDataCommands()
  // After the data's commands: Esc leaves a field in the making first.
  useDrawer()
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
      <ExportSheet />
      <PackSheet />
      <RelinkSheet />
    </div>
  )
}
