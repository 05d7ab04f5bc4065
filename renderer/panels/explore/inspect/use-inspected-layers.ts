import { useMemo } from 'react'
import type { Day, MapLayer, Period } from '../../../../main/contract/index.ts'
import { useMapReadings } from '../../../map/readings.ts'
import { useWorkspaceStore } from '../../../state/workspace.ts'

/** A visible layer as the inspector asks for it. */
export interface SeriesLayer {
  /** `TiledLayer.id`. */
  readonly id: string
  readonly name: string
  readonly unit: string
  /** Its run, for the coarse product behind it. */
  readonly run: string | null
  /** Data as they are stored, not computed: drawn as steps. */
  readonly isStored: boolean
}

const mostDays = 400

/** Layers of the map, the uppermost first, and the days any of them has, at most 400 around a day. */
export function useInspectedLayers(day: Day | null, period: Period | null) {
  const layers = useWorkspaceStore((state) => state.document.layers)
  // The map writes anew with each picture; what is asked changes with the layers only, so those are compared as text.
  const ids = useMapReadings(({ shown }) =>
    [...new Set(shown.map(({ layer }) => `${layer.id}\t${layer.tiled.id}`))].reverse().join('\n'),
  )
  return useMemo(() => {
    const shown = ids.split('\n').flatMap((line) => {
      const found = useMapReadings.getState().shown.find(({ layer }) => `${layer.id}\t${layer.tiled.id}` === line)
      return found ? [found.layer] : []
    })
    const all = shown.map(({ tiled }) => tiled.id)
    const dated: SeriesLayer[] = shown
      .filter(({ tiled }) => tiled.times !== 'static')
      .slice(0, 16)
      .map(({ id, tiled }) => ({
        id: tiled.id,
        name: tiled.name,
        unit: tiled.unit,
        run: runOf(layers.find((layer) => layer.id === id)),
        isStored: layers.find((layer) => layer.id === id)?.source.of === 'dataset',
      }))
    const days = [
      ...new Set(shown.flatMap(({ tiled }) => (Array.isArray(tiled.times) ? (tiled.times as readonly Day[]) : []))),
    ].sort()
    return { all, dated, days: nearby(days, day, period) }
    // A day within the series needs no new series: only the first one decides where it begins.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [ids, layers, period])
}

const runOf = (layer: MapLayer | undefined): string | null => (layer?.source.of === 'product' ? layer.source.run : null)

function nearby(days: readonly Day[], day: Day | null, period: Period | null): readonly Day[] {
  const within = period ? days.filter((each) => each >= period.from && each <= period.to) : days
  if (within.length <= mostDays) return within
  const found = day ? within.findIndex((each) => each >= day) : 0
  const from = Math.max(0, Math.min((found < 0 ? within.length : found) - mostDays / 2, within.length - mostDays))
  return within.slice(from, from + mostDays)
}
