import type { Bounds } from '../view/camera.ts'
import { clipRing } from './lon-lat-window.ts'
import type { Point } from './projection.ts'
import type { WorldOutline } from './world-outline.ts'

/** A rectangle around a view that stays the same while the map is panned a little, so that what is made for it can be kept. */
export function roomAround({ west, south, east, north }: Bounds): Bounds {
  const step = 2 ** Math.ceil(Math.log2(Math.max(east - west, north - south, 1e-9)))
  return {
    west: (Math.floor(west / step) - 1) * step,
    south: (Math.floor(south / step) - 1) * step,
    east: (Math.ceil(east / step) + 1) * step,
    north: (Math.ceil(north / step) + 1) * step,
  }
}

/** The part of the world within a rectangle of its CRS. A field of some kilometres then needs no coast of a continent on the
 *  graphics card, in each of up to twelve panes. */
export function nearOutline({ land, coast, borders }: WorldOutline, room: Bounds): WorldOutline {
  const { west, south, east, north } = room
  const window = [west, south, east, north] as const
  return {
    land: land.flatMap((rings) => {
      const [outer, ...holes] = rings.map((ring) => clipRing(ring, window))
      return outer.length > 2 ? [[outer, ...holes.filter(({ length }) => length > 2)]] : []
    }),
    coast: coast.flatMap((line) => piecesWithin(line, room)),
    borders: borders.flatMap((line) => piecesWithin(line, room)),
  }
}

/** Runs of segments that may touch the rectangle; each keeps the points on both sides of its edge. */
function piecesWithin(line: readonly Point[], { west, south, east, north }: Bounds): Point[][] {
  const pieces: Point[][] = []
  let piece: Point[] = []
  for (let i = 1; i < line.length; i++) {
    const p = line[i - 1]
    const q = line[i]
    const isOutside =
      Math.max(p[0], q[0]) < west ||
      Math.min(p[0], q[0]) > east ||
      Math.max(p[1], q[1]) < south ||
      Math.min(p[1], q[1]) > north
    if (!isOutside) {
      if (piece.length === 0) piece.push(p)
      piece.push(q)
    } else if (piece.length > 0) {
      pieces.push(piece)
      piece = []
    }
  }
  if (piece.length > 0) pieces.push(piece)
  return pieces
}
