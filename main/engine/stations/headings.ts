/** What a column heading says of the numbers under it. */
export interface Heading {
  variable: string
  /** Empty when the heading does not say. */
  unit: string
  /** Metres; null when the heading does not say. */
  depth: [number, number] | null
}

/** Unit texts as found in files (lower case, blanks removed) and how Loam writes them. `vol%` is percent by volume. */
const unitNames: Record<string, string> = {
  'm3/m3': 'm3 m-3',
  'm^3/m^3': 'm3 m-3',
  'm³/m³': 'm3 m-3',
  'm3m-3': 'm3 m-3',
  'm³m⁻³': 'm3 m-3',
  'm^3*m^-3': 'm3 m-3',
  'm^3m^-3': 'm3 m-3',
  'cm3/cm3': 'm3 m-3',
  'cm³/cm³': 'm3 m-3',
  'cm^3/cm^3': 'm3 m-3',
  'cm3cm-3': 'm3 m-3',
  'vol%': 'vol%',
  '%vol': 'vol%',
  'vol.%': 'vol%',
  '%vwc': 'vol%',
  '%v/v': 'vol%',
  '%': '%',
  percent: '%',
  pct: '%',
  oc: 'degC',
  '°c': 'degC',
  degc: 'degC',
  c: 'degC',
  celsius: 'degC',
  k: 'K',
  kelvin: 'K',
  mm: 'mm',
  db: 'dB',
  deg: 'deg',
  degrees: 'deg',
  'ds/m': 'dS m-1',
  'ds/m-1': 'dS m-1',
  kpa: 'kPa',
}

/** Loam's way to write a unit; an unknown one is kept as found. */
export function normaliseUnit(text: string): string {
  const trimmed = text.trim()
  return unitNames[trimmed.toLowerCase().replaceAll(/\s+/g, '')] ?? trimmed
}

const metresPer: Record<string, number> = { m: 1, cm: 0.01, mm: 0.001, in: 0.0254 }
const depthPattern =
  /(?<![A-Za-z0-9.])(\d+(?:\.\d+)?)(?:\s*(?:-|–|_|to)\s*(\d+(?:\.\d+)?))?[\s_]*(cm|mm|in|m)(?![A-Za-z0-9])/i
const bracketPattern = /\s*[[(]([^\])]*)[\])]\s*/

/** Units as the last word of a heading. `_m` is left alone: it is more often a mean than a metre. */
const unitEndings: { ending: RegExp; unit: string; only?: RegExp }[] = [
  { ending: /_(?:vol_?percent|volpct|vol_pct)$/i, unit: 'vol%' },
  { ending: /_(?:percent|pct)$/i, unit: '%' },
  { ending: /_(?:m3_?m_?3|m3_per_m3)$/i, unit: 'm3 m-3' },
  { ending: /_mm$/i, unit: 'mm' },
  { ending: /_db$/i, unit: 'dB' },
  { ending: /_deg$/i, unit: 'deg' },
  { ending: /_degc$/i, unit: 'degC' },
  { ending: /_c$/i, unit: 'degC', only: /^t|temp/i },
  { ending: /_k$/i, unit: 'K', only: /^t|temp|lst/i },
]

/** Takes depth and unit out of a heading; what is left is the variable's name.
 *  `vwc_5cm` → vwc at 0.05 m; `5 cm VWC [m3/m3]` → VWC, m3 m-3, 0.05 m; `tmax_c` → tmax, degC. */
export function understandHeading(heading: string): Heading {
  let rest = heading.trim()
  let unit = ''
  const bracket = bracketPattern.exec(rest)
  if (bracket) {
    unit = normaliseUnit(bracket[1])
    rest = rest.replace(bracket[0], ' ')
  }
  let depth: [number, number] | null = null
  const match = depthPattern.exec(rest.replaceAll('_', ' '))
  if (match) {
    const scale = metresPer[match[3].toLowerCase()]
    const from = roundToMicrometres(Number(match[1]) * scale)
    const to = match[2] === undefined ? from : roundToMicrometres(Number(match[2]) * scale)
    const isHeight = /wind|air|dem|elev/i.test(rest)
    if (from <= to && to <= 5 && !isHeight) {
      depth = [from, to]
      rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`
    }
  }
  rest = tidy(rest)
  if (unit === '')
    for (const { ending, unit: found, only } of unitEndings) {
      const base = rest.replace(ending, '')
      if (base === rest || base === '' || (only && !only.test(base))) continue
      unit = found
      rest = base
      break
    }
  if (rest === '') return { variable: heading.trim(), unit, depth: null }
  return { variable: rest, unit, depth }
}

function tidy(text: string): string {
  return text
    .trim()
    .replaceAll(/[\s_]*_[\s_]*|\s+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

export function roundToMicrometres(metres: number): number {
  return Math.round(metres * 1e6) / 1e6
}

const moistureWords =
  /(?:^|_)(?:vwc?|vsm|swc|smc|s?sm|theta|soil_?moist(?:ure)?|volumetric|moisture|water_content)(?:_|$)/i
const besidesWords =
  /(?:^|_)(?:noise|err(?:or)?|sd|std|stdev|unc(?:ertainty)?|flag|qual(?:ity)?|qc|veg(?:etation)?|canopy|leaf|snow)(?:_|$)/i
const volumetricWords = /(?:^|_)(?:vwc?|vsm|swc|theta|volumetric)(?:_|$)/i
const precipitationWords = /^(?:p|ppt|pr|prcp|precip(?:itation)?|rain(?:fall)?)$/i

/** The name speaks of soil moisture itself, not of its error or flag. */
export function isSoilMoisture(variable: string): boolean {
  return moistureWords.test(variable) && !besidesWords.test(variable)
}

/** The name says that a percentage is one of volume. `sm` does not: it may be a percentage of saturation. */
export function isVolumetric(variable: string): boolean {
  return volumetricWords.test(variable)
}

/** The numbers are amounts that add up over a day. */
export function isPrecipitation(variable: string, unit: string): boolean {
  return precipitationWords.test(variable) && unit.startsWith('mm')
}
