import { session, usualDock, usualPanels, useSession } from '../state/session.ts'
import { Boundary } from '../widgets/Boundary.tsx'
import { FilterBar } from '../widgets/filter/FilterBar.tsx'
import { Splitter } from '../widgets/Splitter.tsx'
import { WorkspaceMap } from './WorkspaceMap.tsx'
import type { Place } from './places.tsx'

/** The middle of the window. The map is mounted once and stays, whatever the place shows around it. */
export function Stage({ place }: { readonly place: Place }) {
  const { Stage: Content, layout, id } = place
  const isDockOpen = useSession(({ panels }) => panels.closedDocks[id] !== true)
  const dock = useSession(({ panels }) => panels.docks[id] ?? usualDock)
  const isSplit = layout === 'map-over' && isDockOpen && Content
  const resize = (next: number) => {
    const { panels, set } = session()
    set({ panels: { ...panels, docks: { ...panels.docks, [id]: next } } })
  }
  return (
    <main className={`stage stage-${layout}`} aria-label={place.title} data-region="stage">
      <div className="stage-map">
        <Boundary name="the map">
          <WorkspaceMap isShown={layout !== 'page'} />
        </Boundary>
      </div>
      <FilterBar />
      {isSplit && (
        <Splitter
          label="Height of the lower part"
          panel="bottom"
          size={dock}
          min={120}
          max={Math.max(160, window.innerHeight - 320)}
          onResize={resize}
          onReset={() => resize(usualPanels.docks[id] ?? usualDock)}
        />
      )}
      {Content && (layout === 'page' || isSplit) && (
        <div className="stage-content" style={layout === 'page' ? undefined : { height: dock }}>
          <Boundary key={id} name={place.title}>
            <Content />
          </Boundary>
        </div>
      )}
    </main>
  )
}
