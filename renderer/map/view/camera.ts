/** Where the map looks: the centre in units of the map's CRS, and log2 of screen pixels per unit. North is up. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** A rectangle in the map's CRS. */
export interface Bounds {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** Size of a view in CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

export const minZoom = -26
export const maxZoom = 26

/** Screen pixels per unit of the CRS. */
export const scaleOf = ({ zoom }: Pick<Camera, 'zoom'>) => 2 ** zoom

/** What a view of that size shows. */
export function boundsOf(camera: Camera, { width, height }: Size): Bounds {
  const halfWidth = width / 2 / scaleOf(camera)
  const halfHeight = height / 2 / scaleOf(camera)
  return {
    west: camera.x - halfWidth,
    south: camera.y - halfHeight,
    east: camera.x + halfWidth,
    north: camera.y + halfHeight,
  }
}

/** Pixel of a view, counted from its upper-left corner → place in the CRS. */
export function placeAt(camera: Camera, { width, height }: Size, [px, py]: readonly [number, number]) {
  const scale = scaleOf(camera)
  return { x: camera.x + (px - width / 2) / scale, y: camera.y - (py - height / 2) / scale }
}

/** Place in the CRS → pixel of a view. */
export function pixelOf(camera: Camera, { width, height }: Size, { x, y }: { x: number; y: number }): [number, number] {
  const scale = scaleOf(camera)
  return [width / 2 + (x - camera.x) * scale, height / 2 - (y - camera.y) * scale]
}

/** The camera that shows the whole rectangle with a margin of 6 %. */
export function fitCamera({ west, south, east, north }: Bounds, { width, height }: Size): Camera {
  const spanX = Math.max(east - west, 1e-9)
  const spanY = Math.max(north - south, 1e-9)
  const scale = 0.88 * Math.min(Math.max(width, 1) / spanX, Math.max(height, 1) / spanY)
  return clampZoom({ x: (west + east) / 2, y: (south + north) / 2, zoom: Math.log2(scale) })
}

/** Moves by screen pixels; positive dx looks further east, positive dy further south. */
export function panBy(camera: Camera, dx: number, dy: number): Camera {
  const scale = scaleOf(camera)
  return { ...camera, x: camera.x + dx / scale, y: camera.y - dy / scale }
}

/** Zooms by `steps` powers of two and keeps the place under `at` where it is on the screen. */
export function zoomAround(camera: Camera, size: Size, at: readonly [number, number], steps: number): Camera {
  const fixed = placeAt(camera, size, at)
  const zoomed = clampZoom({ ...camera, zoom: camera.zoom + steps })
  const now = placeAt(zoomed, size, at)
  return { ...zoomed, x: zoomed.x + fixed.x - now.x, y: zoomed.y + fixed.y - now.y }
}

function clampZoom(camera: Camera): Camera {
  return { ...camera, zoom: Math.min(maxZoom, Math.max(minZoom, camera.zoom)) }
}

/** The camera at `t` (0–1) between two, for a smooth move. */
export function between(from: Camera, to: Camera, t: number): Camera {
  const mix = (a: number, b: number) => a + (b - a) * t
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), zoom: mix(from.zoom, to.zoom) }
}

/** Smallest rectangle around all; null for none. */
export function unionOf(all: readonly Bounds[]): Bounds | null {
  if (all.length === 0) return null
  return {
    west: Math.min(...all.map(({ west }) => west)),
    south: Math.min(...all.map(({ south }) => south)),
    east: Math.max(...all.map(({ east }) => east)),
    north: Math.max(...all.map(({ north }) => north)),
  }
}

export function intersects(a: Bounds, b: Bounds): boolean {
  return a.west < b.east && a.east > b.west && a.south < b.north && a.north > b.south
}
