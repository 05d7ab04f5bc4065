import type { Bounds } from '../view/camera.ts'
import { coordinateGrid } from './coordinate-grid.ts'
import { graticule } from './graticule.ts'
import type { GraticuleLine } from './graticule.ts'
import type { Projection } from './projection.ts'

/** Lines over the map: none, of degrees, or of the coordinates of the map's own CRS. */
export const graticuleKinds = ['none', 'degrees', 'map'] as const
export type GraticuleKind = (typeof graticuleKinds)[number]

export function graticuleLines(kind: GraticuleKind, projection: Projection, view: Bounds): GraticuleLine[] {
  if (kind === 'none') return []
  // The coordinates of a CRS in degrees are degrees.
  return kind === 'map' && !projection.crs.isGeographic ? coordinateGrid(view) : graticule(projection, view)
}
