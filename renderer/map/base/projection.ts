import proj4 from 'proj4'

/** A coordinate reference system as the engine knows it; GET /crs/:code. */
export interface CrsInfo {
  readonly code: string
  readonly name: string
  /** Definition for proj4. */
  readonly proj4: string
  readonly unit: string
  readonly isGeographic: boolean
}

export type Point = readonly [number, number]
export interface Projection {
  readonly crs: CrsInfo
  /** Degrees → CRS; null where it has no place there. */
  forward(lonLat: Point): Point | null
  /** CRS → degrees. */
  inverse(xy: Point): Point | null
}

const wgs84 = '+proj=longlat +datum=WGS84 +no_defs'

/** Between degrees (WGS 84) and a CRS. A place counts as inside only if it comes back from the way there and back: projections
 *  answer with nonsense far from where they are meant for. */
export function projectionOf(crs: CrsInfo): Projection {
  const converter = proj4(wgs84, crs.proj4)
  const finite = (xy: readonly number[]): Point | null =>
    Number.isFinite(xy[0]) && Number.isFinite(xy[1]) ? [xy[0], xy[1]] : null
  const quietly = (convert: (xy: [number, number]) => number[], xy: Point): Point | null => {
    try {
      return finite(convert([xy[0], xy[1]]))
    } catch {
      // proj4 throws for places a projection cannot take; to us they are just outside.
      return null
    }
  }
  const inverse = (xy: Point) => quietly((each) => converter.inverse(each), xy)
  return {
    crs,
    inverse,
    forward(lonLat) {
      const xy = quietly((each) => converter.forward(each), lonLat)
      const back = xy && inverse(xy)
      if (!back || Math.abs(back[1] - lonLat[1]) > 0.01) return null
      return Math.abs(back[0] - lonLat[0]) % 360 > 0.01 && Math.abs(lonLat[1]) < 89.99 ? null : xy
    },
  }
}

/** Between two systems, for a read-out. */
export function converterBetween(from: CrsInfo, to: CrsInfo): (xy: Point) => Point | null {
  const converter = proj4(from.proj4, to.proj4)
  return (xy) => {
    try {
      const [x, y] = converter.forward([xy[0], xy[1]])
      return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null
    } catch {
      return null
    }
  }
}
