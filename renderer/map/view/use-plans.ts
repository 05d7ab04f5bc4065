import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Day } from '../../../main/contract/index.ts'
import { hasDay, planTiles, withHalos } from '../tiles/drawn-tiles.ts'
import type { TilePlan } from '../tiles/drawn-tiles.ts'
import type { TileAddress, TileReader, TileStore } from '../tiles/tile-store.ts'
import { boundsOf, scaleOf } from './camera.ts'
import type { Camera } from './camera.ts'
import type { PaneBox } from './map-canvas.ts'
import type { MapPane, PaneLayer } from './panes.ts'

export interface PlannedLayer extends PaneLayer {
  readonly pane: string
  readonly plan: TilePlan
  readonly hasDay: boolean
}

interface PlanInput {
  readonly panes: readonly MapPane[]
  readonly boxes: readonly PaneBox[]
  readonly camera: Camera | null
  /** Read ahead while playing. */
  readonly nextDay: Day | null
}

/** Tiles of all panes: asks for what is missing and says what can be drawn now. */
export function usePlans(store: TileStore, { panes, boxes, camera, nextDay }: PlanInput): readonly PlannedLayer[] {
  const tiles = useSyncExternalStore(store.subscribe, store.reader)
  const { planned, wanted } = useMemo(
    () => planAll(tiles, { panes, boxes, camera, nextDay }),
    [tiles, panes, boxes, camera, nextDay],
  )
  useEffect(() => store.want(wanted), [store, wanted])
  useEffect(() => () => store.want([]), [store])
  return planned
}

/** What is in view comes first, then a margin around it and the day that comes next. */
function planAll(tiles: TileReader, { panes, boxes, camera, nextDay }: PlanInput) {
  const planned: PlannedLayer[] = []
  const wanted: TileAddress[] = []
  const ahead: TileAddress[] = []
  if (!camera) return { planned, wanted }
  const pixelsPerUnit = scaleOf(camera)
  for (const { id, layers } of panes) {
    const box = boxes.find((each) => each.id === id)
    if (!box) continue
    const view = boundsOf(camera, box)
    const around = boundsOf(camera, { width: 1.5 * box.width, height: 1.5 * box.height })
    for (const each of layers) {
      const { tiled } = each.layer
      const plan = planTiles(tiles, tiled, each.day, { view, pixelsPerUnit })
      const { isSmooth, kind } = each.layer.look
      const drawn = isSmooth && kind !== 'categorical' ? withHalos(tiles, plan.drawn) : plan.drawn
      planned.push({ ...each, pane: id, plan: { ...plan, drawn }, hasDay: hasDay(tiled, each.day) })
      wanted.push(...plan.wanted)
      ahead.push(...planTiles(tiles, tiled, each.day, { view: around, pixelsPerUnit }).wanted)
      if (nextDay && tiled.times !== 'static')
        ahead.push(...planTiles(tiles, tiled, nextDay, { view, pixelsPerUnit }).wanted)
    }
  }
  return { planned, wanted: [...wanted, ...ahead] }
}
