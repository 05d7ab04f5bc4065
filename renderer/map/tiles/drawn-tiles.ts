import type { Day, LoamError, TileBody, TiledLayer } from '../../../main/contract/index.ts'
import { intersects } from '../view/camera.ts'
import type { Bounds } from '../view/camera.ts'
import { ancestorOf, childrenOf, gridBounds, levelFor, tileExtent, tilesIn } from './tile-grid.ts'
import type { CellRect, TilePlace } from './tile-grid.ts'
import { withHalo } from './tile-halo.ts'
import type { KeptTile, TileAddress, TileReader } from './tile-store.ts'

/** A piece of the picture: part of a tile, and where it goes. */
export interface DrawnTile {
  /** Stable while the same piece is drawn. */
  readonly key: string
  readonly address: TileAddress
  readonly tile: KeptTile
  readonly bounds: Bounds
  /** Part of the tile that fills `bounds`. */
  readonly cells: CellRect
  /** The tile with a border of its neighbours' cells, for a layer that is smoothed. */
  readonly haloed?: TileBody
}
export interface TilePlan {
  /** What should be on screen, the middle first. */
  readonly wanted: readonly TileAddress[]
  /** What can be drawn now: wanted tiles, and in place of those still missing what is known from other levels. */
  readonly drawn: readonly DrawnTile[]
  /** Wanted tiles that failed. */
  readonly failed: readonly { readonly address: TileAddress; readonly bounds: Bounds; readonly fault: LoamError }[]
  readonly missing: number
  /** Of so many cells one was read for what is drawn; 1: all were. */
  readonly oneOf: number
}

/** Cells a first look at a large layer has at most. */
const mostQuickCells = 512 * 512
/** Below this level averaging costs little more than looking at single cells. */
const leastQuickLevel = 2

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
  if (!hasDay(tiled, day)) return { wanted: [], drawn: [], failed: [], missing: 0, oneOf: 1 }
  const at = tiled.times === 'static' ? 'static' : day!
  const address = (place: TilePlace): TileAddress => ({ layer: tiled.id, day: at, ...place })
  const level = levelFor(tiled, pixelsPerUnit)
  const places = tilesIn(tiled, level, view)
  const first = tiled.isLarge && level >= leastQuickLevel ? quickPlaces(tiled, level, view) : []
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
  // The whole of it at a glance first: only then is anything averaged.
  const glance = missing === 0 ? [] : first.filter((place) => !known(tiles, address(place)))
  const glances = glance.map((place) => ({ ...address(place), isQuick: true }))
  const isGlancing = glances.some((each) => !tiles.faultOf(each))
  const oneOf = drawn.reduce((most, { tile }) => Math.max(most, tile.oneOf), 1)
  return { wanted: isGlancing ? glances : places.map(address), drawn, failed, missing, oneOf }
}

/** The tile itself, else a quick look at it. */
function known(tiles: TileReader, address: TileAddress): KeptTile | null {
  return tiles.get(address) ?? tiles.get({ ...address, isQuick: true })
}

/** Tiles of a level that is coarse enough for a first look at a view. */
function quickPlaces(tiled: TiledLayer, level: number, view: Bounds): TilePlace[] {
  const bounds = gridBounds(tiled.grid)
  const width = Math.min(view.east, bounds.east) - Math.max(view.west, bounds.west)
  const height = Math.min(view.north, bounds.north) - Math.max(view.south, bounds.south)
  const [, cellWidth, , , , cellHeight] = tiled.grid.transform
  let cells = Math.abs((width * height) / (cellWidth * cellHeight)) / 4 ** level
  let quick = level
  for (; quick < tiled.levels - 1 && cells > mostQuickCells; cells /= 4) quick++
  return tilesIn(tiled, quick, view)
}

/** Pieces that run on across the edges of their tiles, with the cells of the tiles around them as far as those are known. */
export function withHalos(tiles: TileReader, drawn: readonly DrawnTile[]): DrawnTile[] {
  return drawn.map((piece) => {
    const { address, tile } = piece
    const haloed = withHalo(tile, (down, right) => {
      const [row, col] = [address.row + down, address.col + right]
      return row < 0 || col < 0 ? null : known(tiles, { ...address, row, col, isQuick: false })
    })
    return { ...piece, haloed }
  })
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
  for (let up = 0; place.level + up < tiled.levels; up++) {
    const above = ancestorOf(tiled, place, up)
    const tile = above && known(tiles, address(above.place))
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
