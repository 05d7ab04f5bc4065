import { useEffect, useMemo } from 'react'
import { setOverlay, useMapExtras } from '../map/map-extras.ts'
import { ringOf } from '../map/overlay/overlays.ts'
import { useMapReadings } from '../map/readings.ts'
import type { Bounds } from '../map/view/camera.ts'
import { filterScope, useChartFilter } from '../state/chart-filter.ts'
import { useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { usePointer } from '../state/pointer.ts'
import { session, useSession } from '../state/session.ts'

let drawing: ((bounds: Bounds) => void) | null = null

/** The map's part in the filter: a box drawn on it, which is shown as long as it filters. */
export function useAreaFilter(): { readonly canFilter: boolean; readonly isDrawing: boolean } {
  const place = useSession((state) => state.place)
  const area = useChartFilter((state) => state.area)
  const isDrawing = useMapExtras(({ onArea }) => onArea !== null && onArea === drawing)
  const crs = usePointer((state) => state.crs)
  const canFilter = filterScope(place) !== null
  useEffect(() => (canFilter ? stopDrawing : undefined), [canFilter])
  useEffect(() => {
    if (!area || !canFilter || area.crs !== crs) return
    const [west, south, east, north] = area.bounds
    const ring = ringOf({ west, south, east, north })
    setOverlay('filter', {
      id: 'filter',
      polygons: [{ ring, fill: null, stroke: [10, 111, 209, 255], width: 2 }],
      points: [],
    })
    return () => setOverlay('filter', null)
  }, [area, canFilter, crs])
  useCommands(useMemo(() => areaCommands(), []))
  return { canFilter, isDrawing }
}

export function toggleDrawing(): void {
  if (useMapExtras.getState().onArea === drawing && drawing) stopDrawing()
  else {
    drawing = (bounds) => {
      filterBy(bounds)
      stopDrawing()
    }
    useMapExtras.setState({ onArea: drawing })
  }
}

function stopDrawing(): void {
  if (drawing && useMapExtras.getState().onArea === drawing) useMapExtras.setState({ onArea: null })
  drawing = null
}

function filterBy({ west, south, east, north }: Bounds): void {
  const { crs } = usePointer.getState()
  if (crs) useChartFilter.setState({ area: { crs, bounds: [west, south, east, north] } })
}

const unavailable = () => (filterScope(session().place) ? null : 'charts are in Explore and Validate')

function areaCommands(): Command[] {
  return [
    {
      id: 'filter.area.leave',
      title: 'Stop drawing an area',
      keys: ['Escape'],
      group: 'Map',
      unavailable: () => (drawing ? null : 'no area is being drawn'),
      run: stopDrawing,
    },
    {
      id: 'filter.area',
      title: 'Filter by an area drawn on the map',
      keys: ['F'],
      group: 'Map',
      unavailable,
      run: toggleDrawing,
    },
    {
      id: 'filter.view',
      title: 'Filter by the part of the map in view',
      keys: ['Shift+F'],
      group: 'Map',
      unavailable,
      run: () => {
        const { view } = useMapReadings.getState()
        if (view) filterBy(view)
      },
    },
  ]
}
