import { useEffect, useState } from 'react'
import { useMapReadings } from '../readings.ts'
import type { ShownLayer } from '../readings.ts'
import { viewStatistics } from '../tiles/view-statistics.ts'
import type { ViewStatistics } from '../tiles/view-statistics.ts'

/** Milliseconds the map must be still before its cells are counted. */
const after = 180

/** Histogram, shares and reasons of a layer in view, over all panes that show it; null before anything is drawn. */
export function useViewStatistics(layer: string): ViewStatistics | null {
  const shown = useMapReadings((state) => state.shown)
  const view = useMapReadings((state) => state.view)
  const [statistics, setStatistics] = useState<ViewStatistics | null>(null)
  useEffect(() => {
    const own = shown.filter((each) => each.layer.id === layer)
    if (!view || own.length === 0) return
    const timer = setTimeout(() => setStatistics(viewStatistics(piecesOf(own), view, own[0].layer.look.range)), after)
    return () => clearTimeout(timer)
  }, [shown, view, layer])
  return statistics
}

/** Pieces of all panes; panes that show the same day share theirs, which count once. */
function piecesOf(own: readonly ShownLayer[]) {
  const byKey = new Map(own.flatMap(({ drawn, day }) => drawn.map((piece) => [`${day} ${piece.key}`, piece])))
  return [...byKey.values()]
}
