import type { Kind } from '../../contract/index.ts'
import type { BandDescription } from '../raster/index.ts'

const classWords = /class|crop|land_?cover|land_?use|lulc|soil_?unit|soil_?type|categor|quality|_q[ac](_|$)|flag|state/i
const angleWords = /aspect|direction|azimuth|bearing/i

/** How a band averages, from its unit, name and numbers.
 *  @param unit normalised
 *  @returns `why` is empty for the plain case, continuous */
export function guessKind(band: BandDescription, unit: string): { kind: Kind; why: string } {
  const words = `${band.name} ${band.description}`
  const { minimum, maximum, distinct } = band.sample
  const isInteger = !band.type.startsWith('Float')
  const isUnscaled = band.scale === 1 && band.offset === 0
  if (unit === 'dB') return { kind: 'decibel', why: 'its unit is dB, so it is averaged as power' }
  const fitsCircle = minimum !== null && maximum !== null && minimum >= 0 && maximum <= 360
  if (angleWords.test(words) && fitsCircle && (unit === 'deg' || unit === '') && (maximum ?? 0) > 180)
    return { kind: 'circular', why: 'its name is a direction and its values run from 0 to 360' }
  if (band.categories.length > 0 || band.hasColourTable)
    return { kind: 'categorical', why: 'the file names its classes or gives them colours' }
  if (unit === 'bit field' || 'flag_masks' in band.metadata)
    return { kind: 'categorical', why: 'its numbers are bit flags' }
  if ('flag_meanings' in band.metadata && unit === '' && isInteger)
    return { kind: 'categorical', why: 'the file gives its numbers meanings' }
  if (isInteger && isUnscaled && distinct !== null && distinct.length <= 40 && classWords.test(words))
    return { kind: 'categorical', why: `its name and its ${distinct.length} different whole numbers look like classes` }
  return { kind: 'continuous', why: '' }
}
