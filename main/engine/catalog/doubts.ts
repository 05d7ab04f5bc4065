import type { Kind } from '../../contract/index.ts'
import type { BandDescription } from '../raster/index.ts'

const reflectanceWords = /^(b\d{1,2}a?|band_?\d+|red|green|blue|nir|swir\w*|ndvi|evi|.*refl.*)$/i
const moistureWords = /soil.?moist|(^|_)(sm|ssm|vwc?|swvl\d?)(_|$)/i

/** What does not look right about a variable, as clauses to stand after its name.
 *  @param unit normalised */
export function doubtsAbout(band: BandDescription, name: string, unit: string, kind: Kind): string[] {
  const { minimum, maximum, valid, seen, distinct } = band.sample
  const doubts: string[] = []
  if (seen > 0 && valid === 0) return [`no valid value where it was looked at.`]
  if (minimum === null || maximum === null) return doubts
  const isUnscaled = band.scale === 1 && band.offset === 0
  const isReflectance = kind === 'continuous' && /^1?$/.test(unit) && reflectanceWords.test(name)
  const span = `${number(minimum)} to ${number(maximum)}`
  if (unit === 'm3 m-3' && (maximum > 1.5 || minimum < -0.1))
    doubts.push(`values run from ${span}, but m3 m-3 needs 0 to 1. If they are per cent, give --scale 0.01.`)
  if (unit === '' && moistureWords.test(name) && kind === 'continuous')
    doubts.push(`the file names no unit; values run from ${span}. Give --unit.`)
  if (unit === '%' && moistureWords.test(name))
    doubts.push(`per cent, of volume or of saturation; it is not changed into m3 m-3.`)
  if (isUnscaled && maximum > 100 && maximum <= 30_000 && isReflectance && band.type !== 'Byte')
    doubts.push(
      'values run to hundreds or thousands without a scale. If this is reflectance or an index × 10 000, give --scale 0.0001.',
    )
  if (unit === 'K' && (minimum < 100 || maximum > 400))
    doubts.push(`values run from ${span}, which is no temperature of land in K. Check scale and unit.`)
  if (kind === 'categorical' && maximum > 2 ** 24)
    doubts.push('numbers above 16 777 216 are rounded to 24 bits when read; its lower bits cannot serve as a mask.')
  const fewClasses = distinct !== null && distinct.length > 1 && distinct.length <= 12 && valid > 100
  if (kind === 'continuous' && fewClasses && isUnscaled && !band.type.startsWith('Float'))
    doubts.push(`only ${distinct.length} different whole numbers. If they are classes, give --kind categorical.`)
  return doubts
}

function number(value: number): string {
  return String(Number(value.toPrecision(6)))
}
