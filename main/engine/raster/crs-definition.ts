import type { CrsDefinition } from '../../contract/index.ts'
import { crsName, crsOf, isGeographic, normaliseCrs } from './crs.ts'
import { transformPoints } from './transform-points.ts'

interface NearPlace {
  readonly x: number
  readonly y: number
  readonly crs?: string
}

/** What a window needs to compute with a CRS by itself.
 *  Definitions of PROJ leave out how a datum other than WGS 84 lies in space, which is 100 m and more. Near a place the
 *  difference is a shift in geocentric coordinates; it is measured here with GDAL's own transformation, so a window agrees
 *  with the engine to a metre within some 100 km of `near` (without it, such a CRS is taken as if on WGS 84).
 *  @param near a place, in the CRS itself or in the one it names
 *  @throws unsupported_grid when the text is no CRS */
export function crsDefinition(text: string, near: NearPlace | null): CrsDefinition {
  const code = normaliseCrs(text)
  const { srs } = crsOf(code)
  const proj4 = srs.toProj4().trim()
  const isShifted = /\+(datum=(WGS84|NAD83)|towgs84|nadgrids)/.test(proj4)
  const here = near && placeIn(code, near.crs === undefined ? code : normaliseCrs(near.crs), near.x, near.y)
  const shift = isShifted || !here ? null : datumShift(code, here)
  return {
    code,
    name: crsName(code),
    proj4: shift ? `${proj4} +towgs84=${shift.map((metres) => metres.toFixed(3)).join(',')}` : proj4,
    unit: isGeographic(code) ? 'degree' : unitOf(proj4),
    isGeographic: isGeographic(code),
  }
}

function unitOf(proj4: string): string {
  const unit = /\+units=(\S+)/.exec(proj4)?.[1]
  return unit ?? (/\+to_meter=/.test(proj4) ? 'unit' : 'm')
}

/** Geocentric place on WGS 84 minus that on the CRS's own ellipsoid, metres; null where the place has none. */
function datumShift(crs: string, [x, y]: readonly [number, number]): [number, number, number] | null {
  const { srs } = crsOf(crs)
  const own = srs.cloneGeogCS().toWKT()
  const onOwn = placeIn(own, crs, x, y)
  const onWgs84 = placeIn('EPSG:4326', crs, x, y)
  if (!onOwn || !onWgs84) return null
  const [, semiMajor, inverseFlattening] = /SPHEROID\["[^"]*",\s*([\d.eE+]+),\s*([\d.eE+]+)/.exec(own) ?? []
  // WKT writes 0 for a sphere.
  const flattening = Number(inverseFlattening) > 0 ? 1 / Number(inverseFlattening) : 0
  const from = geocentric(onOwn, Number(semiMajor), flattening)
  const to = geocentric(onWgs84, 6_378_137, 1 / 298.257223563)
  return [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
}

function placeIn(target: string, crs: string, x: number, y: number): readonly [number, number] | null {
  const lon = new Float64Array([x])
  const lat = new Float64Array([y])
  transformPoints(crs, target, lon, lat)
  return Number.isFinite(lon[0]) && Number.isFinite(lat[0]) ? [lon[0], lat[0]] : null
}

/** Geodetic degrees at height 0 → geocentric metres. */
function geocentric([lon, lat]: readonly [number, number], semiMajor: number, flattening: number) {
  const [lambda, phi] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180]
  const eccentricity2 = flattening * (2 - flattening)
  const normal = semiMajor / Math.sqrt(1 - eccentricity2 * Math.sin(phi) ** 2)
  return [
    normal * Math.cos(phi) * Math.cos(lambda),
    normal * Math.cos(phi) * Math.sin(lambda),
    normal * (1 - eccentricity2) * Math.sin(phi),
  ] as const
}
