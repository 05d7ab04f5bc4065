import { useEffect, useMemo, useState } from 'react'
import { loadWorld, worldOutline } from '../base/world-outline.ts'
import type { WorldOutline, WorldTopology } from '../base/world-outline.ts'
import { nearOutline, roomAround } from '../base/near-outline.ts'
import type { Projection } from '../base/projection.ts'
import type { Bounds } from './camera.ts'

let world: Promise<WorldTopology> | null = null

/** The base map around a view: projected once, cut to the surroundings of what is shown. `around` should be stable.
 *  @returns null while it is read or switched off */
export function useWorld(
  projection: Projection | null,
  around: { readonly x: number; readonly y: number } | null,
  isShown: boolean,
  view: Bounds | null,
): WorldOutline | null {
  const [topology, setTopology] = useState<WorldTopology | null>(null)
  useEffect(() => {
    if (!isShown || topology) return
    let isOver = false
    world ??= loadWorld()
    world.then(
      (read) => !isOver && setTopology(read),
      () => {
        // The map is usable without its base; it is asked for again the next time.
        world = null
      },
    )
    return () => {
      isOver = true
    }
  }, [isShown, topology])
  const outline = useMemo(() => {
    const middle = projection && around && projection.inverse([around.x, around.y])
    return isShown && topology && middle ? worldOutline(topology, projection, middle) : null
  }, [projection, around, isShown, topology])
  const room = view && roomAround(view)
  const [west, south, east, north] = room ? [room.west, room.south, room.east, room.north] : []
  return useMemo(
    () =>
      outline && west !== undefined ? nearOutline(outline, { west, south: south!, east: east!, north: north! }) : null,
    [outline, west, south, east, north],
  )
}
