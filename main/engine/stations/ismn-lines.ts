import { readStamp } from './date-formats.ts'
import { ismnUnits } from './ismn-file-name.ts'

/** The three ways ISMN has written its files. `ceop_sep` and `ceop_composite` repeat place and depth on each line,
 *  `header_values` says them once. */
export type IsmnFormat = 'ceop_sep' | 'ceop_composite' | 'header_values'

/** Where a line was measured. */
export interface IsmnPlace {
  readonly network: string
  readonly station: string
  readonly lat: number
  readonly lon: number
  readonly elevation: number
  readonly depth: [number, number]
}

export interface IsmnHeader extends IsmnPlace {
  readonly sensor: string
}

/** Values of one line. NaN where the file says -9999 or -999.99. */
export interface IsmnLine {
  /** UTC, the time of measuring where a nominal time is given too. */
  readonly timeMs: number
  readonly place: IsmnPlace | null
  readonly values: { readonly variable: string; readonly value: number; readonly flag: string }[]
}

const number = String.raw`-?\d+(?:\.\d*)?`
const moment = String.raw`\d{4}/\d{2}/\d{2} \d{2}:\d{2}`
const where = String.raw`(\S+)\s+(\S+)\s+(${number})\s+(${number})\s+(${number})`

const headerPattern = new RegExp(String.raw`^\S+\s+${where}\s+(${number})\s+(${number})\s+(\S.*)$`)
const valuePattern = new RegExp(String.raw`^(${moment})\s+(${number})\s+(\S+)(?:\s+\S.*)?$`)
const separatePattern = new RegExp(
  String.raw`^${moment}\s+(${moment})\s+\S+\s+${where}\s+(${number})\s+(${number})\s+(${number})\s+(\S+)(?:\s+\S.*)?$`,
)
const compositePattern = new RegExp(
  String.raw`^${moment}\s+(${moment})\s+\S+\s+${where}\s+-\s+(${number})\s+(${number})\s+(\S+)\s+(${number})\s+(\S+)$`,
)

/** Tells the format by the first line of a file. @returns null when it is none of them */
export function ismnFormatOf(line: string): IsmnFormat | null {
  const text = line.trim()
  if (compositePattern.test(text)) return 'ceop_composite'
  if (separatePattern.test(text)) return 'ceop_sep'
  return readHeader(text) ? 'header_values' : null
}

/** First line of the header+values format. @returns null when it is none */
export function readHeader(line: string): IsmnHeader | null {
  const match = headerPattern.exec(line.trim())
  const place = match && placeOf(match.slice(1, 6), match[6], match[7])
  return place ? { ...place, sensor: match[8] } : null
}

/** One line of observations. @param variable code the file's name gives (the composite format has its own two)
 *  @returns null when the line is not of that format, or its date or place does not exist */
export function readIsmnLine(line: string, format: IsmnFormat, variable: string): IsmnLine | null {
  const text = line.trim()
  if (format === 'header_values') {
    const match = valuePattern.exec(text)
    const timeMs = match && timeOf(match[1])
    if (!match || timeMs === null) return null
    return { timeMs, place: null, values: [{ variable, value: valueOf(match[2]), flag: match[3] }] }
  }
  const match = (format === 'ceop_sep' ? separatePattern : compositePattern).exec(text)
  const timeMs = match && timeOf(match[1])
  if (!match || timeMs === null) return null
  const at = match.slice(2, 7)
  const place = format === 'ceop_sep' ? placeOf(at, match[7], match[8]) : placeOf(at, match[7], match[7])
  if (!place) return null
  const values =
    format === 'ceop_sep'
      ? [{ variable, value: valueOf(match[9]), flag: match[10] }]
      : [
          { variable: 'ts', value: valueOf(match[8]), flag: match[9] },
          { variable: 'sm', value: valueOf(match[10]), flag: match[11] },
        ]
  return { timeMs, place, values }
}

export function ismnUnit(variable: string): string {
  return ismnUnits[variable] ?? ''
}

function placeOf([network, station, lat, lon, elevation]: string[], from: string, to: string): IsmnPlace | null {
  const place = { network, station, lat: Number(lat), lon: Number(lon), elevation: Number(elevation) }
  if (Math.abs(place.lat) > 90 || Math.abs(place.lon) > 180) return null
  return { ...place, depth: [Number(from), Number(to)] }
}

/** ISMN writes -9999 or, in its older files, -999.99 for a missing value. */
function valueOf(text: string): number {
  const value = Number(text)
  return value === -9999 || value === -999.99 ? Number.NaN : value
}

let lastDate = ''
let lastMidnight: number | null = null

/** UTC milliseconds of `2017/08/10 13:00`; null when there is no such date. The midnight of the last date is kept, as
 *  lines come by the hour. */
function timeOf(text: string): number | null {
  const date = text.slice(0, 10)
  if (date !== lastDate) {
    lastDate = date
    lastMidnight = readStamp(date, 'iso')?.localMs ?? null
  }
  const hour = Number(text.slice(11, 13))
  const minute = Number(text.slice(14, 16))
  if (lastMidnight === null || hour > 24 || minute > 59) return null
  return lastMidnight + (hour * 60 + minute) * 60_000
}
