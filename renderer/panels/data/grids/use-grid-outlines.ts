import { useEffect } from 'react'
import type { AuditedGrid, GridAudit } from '../../../../main/contract/index.ts'
import { setOverlay, useMapExtras } from '../../../map/map-extras.ts'
import type { Colour } from '../../../map/overlay/overlays.ts'
import { useTheme } from '../../../state/use-theme.ts'

const owner = 'grids'
const colours: Readonly<Record<AuditedGrid['of'], readonly [Colour, Colour]>> = {
  coarse: [
    [138, 83, 0, 255],
    [224, 170, 85, 255],
  ],
  training: [
    [47, 93, 148, 255],
    [141, 182, 234, 255],
  ],
  fine: [
    [15, 95, 115, 255],
    [111, 195, 214, 255],
  ],
}
const widths = { coarse: 3, training: 2, fine: 1.5 }

/** The nested grids as outlines on the map while their panel is open; cells of those in the map's CRS appear when near enough. */
export function useGridOutlines(audit: GridAudit | null, crs: string | null): void {
  const isDark = useTheme() === 'dark'
  useEffect(() => {
    if (!audit) return
    const polygons = audit.grids.map(({ of, name, cellText, ring, grid }) => ({
      ring,
      fill: null,
      stroke: colours[of][isDark ? 1 : 0],
      width: widths[of],
      // A grid in the map's CRS is named with its cells.
      label: grid.crs === crs ? undefined : `${name} ${cellText}`,
    }))
    setOverlay(owner, { id: owner, polygons, points: [] })
    const grids = audit.grids.flatMap(({ of, name, grid }) => (grid.crs === crs ? [{ id: of, name, grid }] : []))
    useMapExtras.setState({ grids })
    return () => {
      setOverlay(owner, null)
      useMapExtras.setState({ grids: [], onArea: null })
    }
  }, [audit, crs, isDark])
}
