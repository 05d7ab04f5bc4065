import { useMemo } from 'react'
import { LayerStyle } from '../../main/contract/index.ts'
import { useDatasets } from '../api/datasets.ts'
import { useTiledLayer } from '../api/layers.ts'
import { elevationOf, hillshadeSource } from '../map/base/hillshade.ts'
import type { DrawnLayer } from '../map/view/panes.ts'
import { useSession } from '../state/session.ts'

const look = {
  ...LayerStyle.parse({ ramp: 'grey', reversed: true, opacity: 0.4, showReasons: false }),
  range: [0, 1] as const,
  kind: 'continuous' as const,
}

/** Shade of the project's own terrain for below the data; null when it is switched off or there is no elevation. */
export function useHillshade(crs: string | null): DrawnLayer | null {
  const { isShown, hasShade } = useSession((state) => state.baseMap)
  const isWanted = isShown && hasShade
  const rows = useDatasets(isWanted).data
  const source = useMemo(() => {
    const elevation = isWanted && rows ? elevationOf(rows) : null
    return elevation && hillshadeSource(elevation)
  }, [isWanted, rows])
  const { data: tiled } = useTiledLayer(source, crs)
  return useMemo(() => (source && tiled ? { id: 'hillshade', name: tiled.name, tiled, look } : null), [source, tiled])
}
