import type { Day, LoamError, TileBody, TiledLayer } from '../../../main/contract/index.ts'
import { intersects } from '../view/camera.ts'
import type { Bounds } from '../view/camera.ts'
import { ancestorOf, childrenOf, levelFor, tileExtent, tilesIn } from './tile-grid.ts'
import type { CellRect, TilePlace } from './tile-grid.ts'
import type { TileAddress, TileReader } from './tile-store.ts'

/** A piece of the picture: part of a tile, and where it goes. */
export interface DrawnTile {
  /** Stable while the same piece is drawn. */
  readonly key: string
  readonly address: TileAddress
  readonly tile: TileBody
  readonly bounds: Bounds
  /** Part of the tile that fills `bounds`. */
  readonly cells: CellRect
}
export interface TilePlan {
  /** What should be on screen, the middle first. */
  readonly wanted: readonly TileAddress[]
  /** What can be drawn now: wanted tiles, and in place of those still missing what is known from other levels. */
  readonly drawn: readonly DrawnTile[]
  /** Wanted tiles that failed. */
  readonly failed: readonly { readonly address: TileAddress; readonly bounds: Bounds; readonly fault: LoamError }[]
  readonly missing: number
}

/** The layer has numbers on that day, as far as is known without asking. */
export function hasDay({ times }: Pick<TiledLayer, 'times'>, day: Day | null): boolean {
  return times === 'static' || (day !== null && (times === 'any' || times.includes(day)))
}

/** What a view needs of a layer and what of it can be drawn. A day without a scene needs nothing. */
export function planTiles(
  tiles: TileReader,
  tiled: TiledLayer,
  day: Day | null,
  { view, pixelsPerUnit }: { view: Bounds; pixelsPerUnit: number },
): TilePlan {
  if (!hasDay(tiled, day)) return { wanted: [], drawn: [], failed: [], missing: 0 }
  const at = tiled.times === 'static' ? 'static' : day!
  const address = (place: TilePlace): TileAddress => ({ layer: tiled.id, day: at, ...place })
  const places = tilesIn(tiled, levelFor(tiled, pixelsPerUnit), view)
  const wanted = places.map(address)
  const drawn: DrawnTile[] = []
  const failed: { address: TileAddress; bounds: Bounds; fault: LoamError }[] = []
  let missing = 0
  for (const place of places) {
    const own = address(place)
    const extent = tileExtent(tiled, place)
    const tile = tiles.get(own)
    if (tile) {
      drawn.push({ key: pieceKey(own), address: own, tile, ...extent })
      continue
    }
    const fault = tiles.faultOf(own)
    if (fault) failed.push({ address: own, bounds: extent.bounds, fault })
    else missing++
    drawn.push(...standIns(tiles, tiled, address, place, view))
  }
  return { wanted, drawn, failed, missing }
}

const pieceKey = ({ layer, day, level, row, col }: TileAddress) => `${layer}-${day}-${level}-${row}-${col}`

/** Something to look at until a tile is there: the nearest coarser tile under it, else finer tiles of up to two levels. */
function standIns(
  tiles: TileReader,
  tiled: TiledLayer,
  address: (place: TilePlace) => TileAddress,
  place: TilePlace,
  view: Bounds,
): DrawnTile[] {
  const { bounds } = tileExtent(tiled, place)
  for (let up = 1; place.level + up < tiled.levels; up++) {
    const above = ancestorOf(tiled, place, up)
    const tile = above && tiles.get(address(above.place))
    if (above && tile)
      return [
        {
          key: `${pieceKey(address(place))}-up${up}`,
          address: address(above.place),
          tile,
          bounds,
          cells: above.cells,
        },
      ]
  }
  const children = childrenOf(place)
  return [children, children.flatMap(childrenOf)].flatMap((generation) =>
    generation.flatMap((child) => {
      const extent = tileExtent(tiled, child)
      if (extent.cells.rows <= 0 || extent.cells.cols <= 0 || !intersects(extent.bounds, view)) return []
      const own = address(child)
      const tile = tiles.get(own)
      return tile ? [{ key: pieceKey(own), address: own, tile, ...extent }] : []
    }),
  )
}
