import { LoamError } from '../../contract/index.ts'
import { gdal } from './gdal.ts'

type SpatialReference = InstanceType<typeof gdal.SpatialReference>

interface KnownCrs {
  readonly srs: SpatialReference
  /** True when PROJ wants latitude or northing first, so that x and y change places on the way in and out. */
  readonly isNorthFirst: boolean
}

/** CRSs that products use but whose files often spell out without a code. */
const oftenUncoded = [4326, 6933, 6931, 6932, 3410, 3857, 3035, 3413, 3031, 28992, 27700, 2154, 4258, 4269]

const known = new Map<string, KnownCrs>()
const normalised = new Map<string, string>()

/** The CRS as `EPSG:<code>` when it can be identified, else its WKT (OGC WKT 1).
 *  Metres stand for every other length unit of a projection without a code; see `metresPerUnit`.
 *  @param wktOrCode `EPSG:32631`, WKT, or a PROJ string starting with `+proj`
 *  @throws unsupported_grid when the text is no CRS */
export function normaliseCrs(wktOrCode: string): string {
  const text = wktOrCode.trim()
  let result = normalised.get(text)
  if (result === undefined) {
    result = identify(parse(text))
    normalised.set(text, result)
  }
  return result
}

/** True for longitude/latitude in degrees. */
export function isGeographic(crs: string): boolean {
  return crsOf(crs).srs.isGeographic()
}

/** The name people know it by: `WGS 84 / UTM zone 31N`; the kind of projection where the file gives no name. */
export function crsName(crs: string): string {
  const { srs } = crsOf(crs)
  const name = srs.isGeographic() ? srs.getAttrValue('GEOGCS') : srs.getAttrValue('PROJCS')
  if (name && !/^(unnamed|unknown)$/i.test(name)) return name
  return srs.getAttrValue('PROJECTION')?.replaceAll('_', ' ') || 'unnamed CRS'
}

/** Metres in one unit of a projected CRS's axes: 1, 1000 for kilometres, 0.3048… for feet; NaN for a geographic CRS. */
export function metresPerUnit(crs: string): number {
  const { srs } = crsOf(crs)
  if (srs.isGeographic()) return NaN
  // The last UNIT of a projected WKT 1 is the linear one; the first belongs to the geographic CRS inside.
  const units = [...srs.toWKT().matchAll(/UNIT\["[^"]*",\s*([-+.\deE]+)/g)]
  return units.length > 1 ? Number(units[units.length - 1][1]) : 1
}

/** A projected CRS without a code in another length unit than metres, in metres; any other CRS unchanged. */
export function crsInMetres(crs: string): string {
  const unit = isGeographic(crs) ? 1 : metresPerUnit(crs)
  if (unit === 1 || crs.startsWith('EPSG:')) return crs
  const proj = crsOf(crs).srs.toProj4()
  const metric = proj.replace(/\+(units=\S+|to_meter=\S+)/g, '').concat(' +units=m')
  return normaliseCrs(metric)
}

/** The parsed CRS, kept for the life of the process. */
export function crsOf(crs: string): KnownCrs {
  let found = known.get(crs)
  if (!found) {
    const srs = parse(crs)
    found = { srs, isNorthFirst: isNorthFirst(srs) }
    known.set(crs, found)
  }
  return found
}

function parse(text: string): SpatialReference {
  try {
    const code = /^EPSG:(\d+)$/i.exec(text)
    if (code) return gdal.SpatialReference.fromEPSG(Number(code[1]))
    if (text.startsWith('+proj')) return gdal.SpatialReference.fromProj4(text)
    // Only WKT from here on: GDAL's fromUserInput would also open files and addresses.
    return gdal.SpatialReference.fromWKT(text)
  } catch {
    throw new LoamError(
      'unsupported_grid',
      `"${text.slice(0, 80)}" is not a coordinate reference system Loam can find. ` +
        `It needs an EPSG code that exists, such as EPSG:32631, or well-known text. Check the code.`,
      { crs: text.slice(0, 2000) },
    )
  }
}

function identify(srs: SpatialReference): string {
  const code = codeOf(srs)
  if (code) return code
  const copy = srs.clone()
  try {
    copy.autoIdentifyEPSG()
    const found = codeOf(copy)
    if (found) return found
  } catch {
    // Not one of the few families GDAL can name by itself; go on with the list.
  }
  const utm = utmCode(srs)
  const candidates = utm === null ? oftenUncoded : [utm, ...oftenUncoded]
  for (const candidate of candidates) {
    const reference = gdal.SpatialReference.fromEPSG(candidate)
    if (reference.isSame(srs) || isSameProjection(reference, srs)) return `EPSG:${candidate}`
  }
  return srs.toWKT()
}

function codeOf(srs: SpatialReference): string | null {
  const root = srs.isGeographic() ? 'GEOGCS' : 'PROJCS'
  return srs.getAuthorityName(root) === 'EPSG' && srs.getAuthorityCode(root)
    ? `EPSG:${srs.getAuthorityCode(root)}`
    : null
}

/** EPSG code of a UTM zone on WGS 84, NAD83, ETRS89 or SIRGAS 2000, by the names in its WKT; null if it is none. */
function utmCode(srs: SpatialReference): number | null {
  const proj = srs.toProj4()
  const zone = Number(/\+zone=(\d+)/.exec(proj)?.[1])
  if (!proj.includes('+proj=utm') || !zone) return null
  const isSouth = proj.includes('+south')
  const datum = (srs.getAttrValue('DATUM') ?? '').toLowerCase()
  if (/wgs_?1984/.test(datum)) return (isSouth ? 32700 : 32600) + zone
  if (/sirgas_?2000|geocentrico_para_las_americas?_?2000/.test(datum))
    return isSouth ? (zone >= 17 && zone <= 25 ? 31960 + zone : null) : zone >= 11 && zone <= 22 ? 31954 + zone : null
  if (isSouth) return null
  if (/north_american_(datum_)?1983/.test(datum)) return zone <= 23 ? 26900 + zone : null
  if (/european_terrestrial|etrs_?(19)?89/.test(datum)) return zone >= 28 && zone <= 38 ? 25800 + zone : null
  return null
}

/** Equal projection and datum by PROJ's own text; a text that names no datum is never taken as equal. */
function isSameProjection(a: SpatialReference, b: SpatialReference): boolean {
  const left = safeProj4(a)
  return left !== '' && /\+(datum|towgs84)=/.test(left) && left === safeProj4(b)
}

function safeProj4(srs: SpatialReference): string {
  try {
    return srs.toProj4().trim().split(/\s+/).sort().join(' ')
  } catch {
    return ''
  }
}

function isNorthFirst(srs: SpatialReference): boolean {
  if (srs.EPSGTreatsAsLatLong() || srs.EPSGTreatsAsNorthingEasting()) return true
  if (codeOf(srs)) return false
  const axis = /AXIS\["[^"]*",\s*([A-Z]+)\]/i.exec(srs.toWKT())
  return axis?.[1].toUpperCase() === 'NORTH' && srs.isGeographic()
}
