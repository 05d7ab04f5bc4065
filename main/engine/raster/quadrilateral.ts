import { nearest } from './pixel-coordinates.ts'

// A target cell on the source: x and y of four corners in source cells, upper left, upper right, lower right, lower left.

/** False when a corner has no place. */
export function isPlace(x: Float64Array, y: Float64Array): boolean {
  return Number.isFinite(x[0] + x[1] + x[2] + x[3] + y[0] + y[1] + y[2] + y[3])
}

/** Corners of one cell brought to one turn of longitude, the one nearest the source. */
export function gather(x: Float64Array, around: number, middle: number): void {
  for (let i = 1; i < 4; i++) x[i] = nearest(x[i], x[0], around)
  const centre = (x[0] + x[1] + x[2] + x[3]) / 4
  const shift = nearest(centre, middle, around) - centre
  for (let i = 0; i < 4; i++) x[i] += shift
}

/** A side shorter than a source cell grows about the centre to one source cell: overlap then turns into linear
 *  interpolation along that side. */
export function widen(x: Float64Array, y: Float64Array): void {
  const ux = (x[1] + x[2] - x[0] - x[3]) / 2
  const uy = (y[1] + y[2] - y[0] - y[3]) / 2
  const vx = (x[3] + x[2] - x[0] - x[1]) / 2
  const vy = (y[3] + y[2] - y[0] - y[1]) / 2
  const u = Math.sqrt(ux * ux + uy * uy)
  const v = Math.sqrt(vx * vx + vy * vy)
  if (!(u < 1 || v < 1) || u === 0 || v === 0) return
  const growU = Math.max(1, 1 / u) / 2
  const growV = Math.max(1, 1 / v) / 2
  const centreX = (x[0] + x[1] + x[2] + x[3]) / 4
  const centreY = (y[0] + y[1] + y[2] + y[3]) / 4
  for (let i = 0; i < 4; i++) {
    const alongU = i === 1 || i === 2 ? growU : -growU
    const alongV = i >= 2 ? growV : -growV
    x[i] = centreX + alongU * ux + alongV * vx
    y[i] = centreY + alongU * uy + alongV * vy
  }
}

export function areaOf(x: Float64Array, y: Float64Array): number {
  return Math.abs((x[2] - x[0]) * (y[3] - y[1]) - (x[3] - x[1]) * (y[2] - y[0])) / 2
}

export function lowest(corners: Float64Array): number {
  return Math.min(corners[0], corners[1], corners[2], corners[3])
}

export function highest(corners: Float64Array): number {
  return Math.max(corners[0], corners[1], corners[2], corners[3])
}
