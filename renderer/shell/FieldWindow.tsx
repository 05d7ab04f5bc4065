import { useEffect, useState } from 'react'
import { useInspection } from '../api/inspect.ts'
import { useHello } from '../api/hello.ts'
import { useMapExtras } from '../map/map-extras.ts'
import { ExploreLeft, ExploreRight } from '../panels/explore/index.tsx'
import { useInspectedLayers } from '../panels/explore/inspect/use-inspected-layers.ts'
import { StationLog } from '../panels/field/index.tsx'
import { RunFollower, RunPage, RunsLeft } from '../panels/runs/index.tsx'
import { usePointer } from '../state/pointer.ts'
import { useSession } from '../state/session.ts'
import { Boundary } from '../widgets/Boundary.tsx'
import { Icon } from '../widgets/Icon.tsx'
import type { IconName } from '../widgets/Icon.tsx'
import { formatReading, formatUnit } from '../widgets/format.ts'
import { ProjectMenu } from './TopBar.tsx'
import { TimeRegion } from './TimeRegion.tsx'
import { WorkspaceMap } from './WorkspaceMap.tsx'
import { useWorkspaceCommands } from './workspace-commands.ts'

const tabs: readonly { readonly id: string; readonly title: string; readonly icon: IconName }[] = [
  { id: 'map', title: 'Map', icon: 'raster' },
  { id: 'layers', title: 'Layers', icon: 'layers' },
  { id: 'station', title: 'Station', icon: 'station' },
  { id: 'runs', title: 'Runs', icon: 'run' },
]

/** One column for a hand-held machine: the map, and what is needed out there. */
export function FieldWindow() {
  const [tab, setTab] = useState('map')
  const hello = useHello().data
  const selection = useSession((state) => state.selection)
  useWorkspaceCommands()
  useEffect(() => useMapExtras.subscribe(({ goTo }) => goTo && setTab('map')), [])
  return (
    <div className="field-window">
      <header className="top-bar" data-region="top">
        <ProjectMenu />
        <span className="top-bar-name">{hello?.project?.name}</span>
      </header>
      <main className="stage" aria-label="Map and what belongs to it" data-region="stage">
        {/* Below another page it can be neither hit nor reached. */}
        <div className="stage-map" inert={tab !== 'map'}>
          <Boundary name="the map">
            <WorkspaceMap isShown />
          </Boundary>
        </div>
        {tab === 'map' && selection.kind === 'cell' && (
          <div className="field-readout" role="status">
            <TopReading />
          </div>
        )}
        {tab !== 'map' && (
          <div className="field-panel" role="tabpanel" aria-label={tabs.find(({ id }) => id === tab)?.title}>
            <Boundary key={tab} name="this page">
              {tab === 'layers' && (
                <>
                  <ExploreLeft />
                  <ExploreRight />
                </>
              )}
              {tab === 'station' && <StationLog />}
              {tab === 'runs' && (
                <>
                  <RunsLeft />
                  <RunPage />
                </>
              )}
            </Boundary>
          </div>
        )}
      </main>
      <Boundary name="the time bar">
        <TimeRegion isFolded />
      </Boundary>
      <div className="field-tabs" role="tablist" aria-label="Pages">
        {tabs.map(({ id, title, icon }) => (
          <button key={id} type="button" role="tab" aria-selected={id === tab} onClick={() => setTab(id)}>
            <Icon name={icon} size={20} />
            {title}
          </button>
        ))}
      </div>
      <RunFollower />
    </div>
  )
}

/** The value of the uppermost layer at the place that was touched. */
function TopReading() {
  const selection = useSession((state) => state.selection)
  const crs = usePointer((state) => state.crs)
  const day = useSession((state) => state.day)
  const period = useSession((state) => state.period)
  const { all } = useInspectedLayers(day, period)
  const place = selection.kind === 'cell' && crs ? { x: selection.x, y: selection.y, crs } : null
  const top = useInspection(place, day, all.slice(0, 1)).data?.layers[0]
  if (!top) return <span className="text-2">Reading …</span>
  return (
    <>
      <strong>
        {top.value === null ? top.reasonText : `${formatReading(top.value, top.unit)} ${formatUnit(top.unit)}`}
      </strong>{' '}
      <span className="text-2">{top.name}</span>
    </>
  )
}
