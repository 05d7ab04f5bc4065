import { basename } from 'node:path'

/** What the name of an ISMN file says: `CSE_Network_Station_sm_0.050000_0.050000_Sensor_20070101_20131231.stm`. */
export interface IsmnFileName {
  readonly variable: string
  readonly sensor: string
}

/** Variables of the International Soil Moisture Network, by the code in its file names, with their units.
 *  Source: ISMN data format description, https://ismn.earth. */
export const ismnUnits: Record<string, string> = {
  sm: 'm3 m-3',
  ts: 'degC',
  tsf: 'degC',
  ta: 'degC',
  p: 'mm',
  su: 'kPa',
  sd: 'mm',
  sweq: 'mm',
}

const codes = Object.keys(ismnUnits).join('|')
const withSensor = new RegExp(String.raw`_(${codes})_-?[\d.]+_-?[\d.]+_(.+)_\d{8}_\d{8}\.stm$`, 'i')

/** @returns null when the name is not of that form (renamed files, the composite format) */
export function ismnFileName(path: string): IsmnFileName | null {
  const match = withSensor.exec(basename(path))
  return match ? { variable: match[1].toLowerCase(), sensor: match[2] } : null
}
