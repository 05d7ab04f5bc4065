import { useQueries } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { LayerSource, MapLayer, TiledLayer, Workspace } from '../../main/contract/index.ts'
import { layerQuery } from '../api/layers.ts'
import { settledRange, shareKey, sharedRanges } from '../map/colour/layer-look.ts'
import { linkedWith } from '../map/edit-range.ts'
import { useMapReadings } from '../map/readings.ts'
import { viewStatistics } from '../map/tiles/view-statistics.ts'
import { dropViewRange, takeViewRange, useViewRanges } from '../map/view-ranges.ts'
import type { DrawnLayer } from '../map/view/panes.ts'

export interface OpenedLayers {
  /** Visible layers in drawing order, the uppermost last. */
  readonly drawn: readonly DrawnLayer[]
  readonly faults: readonly { readonly layer: MapLayer; readonly fault: unknown }[]
  readonly isOpening: boolean
}

/** The visible layers of a document, opened in the map's CRS and with their ranges settled. Layers of one quantity and unit share
 *  a range; one that was told "this view once" keeps the range of the view it was told in. */
export function useDrawnLayers(document: Pick<Workspace, 'layers' | 'crs'>): OpenedLayers {
  const visible = useMemo(() => document.layers.filter(({ isVisible }) => isVisible).toReversed(), [document.layers])
  const opened = useQueries({
    queries: visible.map(({ source }) => layerQuery(source, document.crs)),
    combine: answersOf,
  })
  const viewRanges = useViewRanges((state) => state.ranges)
  useEffect(() => settleViewRanges(visible), [visible])
  return useMemo(() => {
    const ready = visible.flatMap((layer, i) => {
      const tiled = opened.tiled[i]
      return tiled ? [{ layer, tiled }] : []
    })
    const shared = sharedRanges(ready.filter(({ layer }) => layer.style.isLinked).map(({ tiled }) => tiled))
    return {
      drawn: ready.map(({ layer, tiled }) =>
        drawnLayer(layer, tiled, (layer.style.isLinked && shared.get(shareKey(tiled))) || null, viewRanges),
      ),
      faults: visible.flatMap((layer, i) => (opened.faults[i] ? [{ layer, fault: opened.faults[i] }] : [])),
      isOpening: opened.isOpening,
    }
  }, [visible, viewRanges, opened])
}

interface LayerAnswer {
  readonly data: TiledLayer | undefined
  readonly error: unknown
  readonly isLoading: boolean
}

/** One object while no answer changed. */
const answersOf = (answers: readonly LayerAnswer[]) => ({
  tiled: answers.map(({ data }) => data),
  faults: answers.map(({ error }) => error),
  isOpening: answers.some(({ isLoading }) => isLoading),
})

type Range = readonly [number, number]

function drawnLayer(
  { id, name, style }: MapLayer,
  tiled: TiledLayer,
  shared: Range | null,
  viewRanges: Readonly<Record<string, Range>>,
): DrawnLayer {
  const range = settledRange(style, tiled, { shared, view: viewRanges[id] ?? null })
  return { id, name, tiled, look: { ...style, range, kind: tiled.kind } }
}

/** Takes the range of the view for layers that were just told to use it, and forgets it for those that no longer do. */
function settleViewRanges(layers: readonly MapLayer[]): void {
  const { ranges } = useViewRanges.getState()
  const { shown, view } = useMapReadings.getState()
  for (const { id, style } of layers) {
    const isWanted = style.range.mode === 'view'
    if (!isWanted && id in ranges) dropViewRange(id)
    if (!isWanted || id in ranges || !view) continue
    // Of all that share the range: one colour is one value in each of them.
    const linked = linkedWith(id)
    const found = shown
      .filter(({ layer }) => linked.has(layer.id))
      .map(({ drawn }) => viewStatistics(drawn, view, [0, 1]))
    const lows = found.flatMap(({ low }) => low ?? [])
    const highs = found.flatMap(({ high }) => high ?? [])
    if (lows.length > 0) takeViewRange(id, [Math.min(...lows), Math.max(...highs)])
  }
}

/** The layer a − b of two of the document, for comparing. */
export function differenceSource(
  layers: readonly MapLayer[],
  a: string | undefined,
  b: string | undefined,
): LayerSource | null {
  const [first, second] = [a, b].map((id) => layers.find((layer) => layer.id === id)?.source)
  return first && second ? { of: 'difference', a: first, b: second } : null
}
