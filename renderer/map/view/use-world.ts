import { useEffect, useMemo, useState } from 'react'
import { loadWorld, worldOutline } from '../base/world-outline.ts'
import type { WorldOutline, WorldTopology } from '../base/world-outline.ts'
import type { Projection } from '../base/projection.ts'

let world: Promise<WorldTopology> | null = null

/** The base map's outline in a projection, around a place; null while it is read or switched off. */
export function useWorld(
  projection: Projection | null,
  around: { readonly x: number; readonly y: number } | null,
  isShown: boolean,
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
  return useMemo(() => {
    const middle = projection && around && projection.inverse([around.x, around.y])
    return isShown && topology && middle ? worldOutline(topology, projection, middle) : null
  }, [projection, around, isShown, topology])
}
