import type { Point, Projection } from './projection.ts'

/** [west, south, east, north] in degrees. */
export type LonLatWindow = readonly [number, number, number, number]

const step = 2.5

/** The largest window around a place, in steps of 2.5°, in which the projection is sound everywhere along its edge and keeps
 *  neighbours together. A Transverse Mercator gets some 80° across, a geographic CRS the world. */
export function soundWindow(projection: Projection, middle: Point): LonLatWindow {
  const window = [
    Math.floor(middle[0] / step) * step,
    Math.floor(middle[1] / step) * step,
    Math.floor(middle[0] / step + 1) * step,
    Math.floor(middle[1] / step + 1) * step,
  ]
  const limits = [-180, -85, 180, 85]
  const open = [true, true, true, true]
  while (open.some(Boolean))
    for (let side = 0; side < 4; side++) {
      if (!open[side]) continue
      const next = window.slice()
      next[side] += side < 2 ? -step : step
      const isWithin = side < 2 ? next[side] >= limits[side] : next[side] <= limits[side]
      if (isWithin && isEdgeSound(projection, next as unknown as LonLatWindow, side)) window[side] = next[side]
      else open[side] = false
    }
  return window as unknown as LonLatWindow
}

function isEdgeSound(projection: Projection, [west, south, east, north]: LonLatWindow, side: number): boolean {
  const points = 24
  let before: Point | null = null
  let longest = 0
  let shortest = Infinity
  for (let i = 0; i <= points; i++) {
    const t = i / points
    const lon = side === 0 ? west : side === 2 ? east : west + t * (east - west)
    const lat = side === 1 ? south : side === 3 ? north : south + t * (north - south)
    const xy = projection.forward([lon, lat])
    if (!xy) return false
    if (before) {
      const length = Math.hypot(xy[0] - before[0], xy[1] - before[1])
      longest = Math.max(longest, length)
      shortest = Math.min(shortest, length)
    }
    before = xy
  }
  // A fold or a tear of the projection shows as a jump along the edge.
  return longest < 20 * shortest
}

/** Polygon ring cut to a window. Source: Sutherland & Hodgman (1974), CACM 17(1). Cut edges run along the window. */
export function clipRing(ring: readonly Point[], [west, south, east, north]: LonLatWindow): Point[] {
  const sides: readonly [axis: 0 | 1, bound: number, sign: 1 | -1][] = [
    [0, west, 1],
    [1, south, 1],
    [0, east, -1],
    [1, north, -1],
  ]
  let points = ring.slice()
  for (const [axis, bound, sign] of sides) {
    const inside = (p: Point) => sign * (p[axis] - bound) >= 0
    const cut: Point[] = []
    for (let i = 0; i < points.length; i++) {
      const p = points[i]
      const q = points[(i + 1) % points.length]
      if (inside(p)) cut.push(p)
      if (inside(p) !== inside(q)) {
        const t = (bound - p[axis]) / (q[axis] - p[axis])
        cut.push(axis === 0 ? [bound, p[1] + t * (q[1] - p[1])] : [p[0] + t * (q[0] - p[0]), bound])
      }
    }
    points = cut
    if (points.length === 0) break
  }
  return points
}

/** More points on long edges, so that they bend as the projection does. */
export function densify(line: readonly Point[], most: number, isClosed: boolean): Point[] {
  const out: Point[] = []
  const last = isClosed ? line.length : line.length - 1
  for (let i = 0; i < last; i++) {
    const p = line[i]
    const q = line[(i + 1) % line.length]
    const pieces = Math.max(1, Math.ceil(Math.max(Math.abs(q[0] - p[0]), Math.abs(q[1] - p[1])) / most))
    for (let j = 0; j < pieces; j++)
      out.push([p[0] + (j / pieces) * (q[0] - p[0]), p[1] + (j / pieces) * (q[1] - p[1])])
  }
  if (!isClosed && line.length > 0) out.push(line.at(-1)!)
  return out
}
