import { useEffect } from 'react'
import { useFootprints } from '../../api/datasets.ts'
import { setOverlay } from '../../map/map-extras.ts'
import { useSession } from '../../state/session.ts'
import { useSources } from '../../state/sources.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { useDataPanel } from './data-panel.ts'
import { useTheme } from '../../state/use-theme.ts'

const owner = 'footprints'

/** Outlines of all datasets on the map while the Data place is open; the selected one stands out and is named. */
export function useFootprintOverlay(): void {
  const crs = useWorkspaceStore((state) => state.document.crs)
  const area = useWorkspaceStore((state) => state.document.area)
  const selected = useSession(({ selection }) => (selection.kind === 'dataset' ? selection.name : null))
  const { datasets } = useSources()
  const footprints = useFootprints(crs).data
  // The grids have outlines of their own.
  const isQuiet = useDataPanel((state) => state.panel === 'grids')
  const isDark = useTheme() === 'dark'
  useEffect(() => {
    const names = new Set(datasets.map(({ name }) => name))
    const quiet = isDark ? ([179, 173, 161, 150] as const) : ([90, 86, 78, 150] as const)
    const strong = isDark ? ([111, 195, 214, 255] as const) : ([15, 95, 115, 255] as const)
    const outlines = (isQuiet ? [] : (footprints ?? []))
      .filter(({ name }) => names.has(name))
      .map(({ name, ring }) => ({
        ring,
        fill: null,
        stroke: name === selected ? strong : quiet,
        width: name === selected ? 2 : 1,
        label: name === selected ? name : undefined,
      }))
    const ofArea = area
      ? [
          {
            ring: [
              [area[0], area[1]],
              [area[2], area[1]],
              [area[2], area[3]],
              [area[0], area[3]],
            ] as const,
            fill: null,
            stroke: strong,
            width: 1,
          },
        ]
      : []
    setOverlay(owner, { id: owner, polygons: [...outlines, ...ofArea], points: [] })
    return () => setOverlay(owner, null)
  }, [footprints, datasets, selected, area, isDark, isQuiet])
}
