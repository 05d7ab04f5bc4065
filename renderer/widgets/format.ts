export { formatUnit } from '../../main/contract/index.ts'

const minus = '\u2212'
const thin = '\u2009'

/** A number with as many digits as it deserves: soil moisture 3 decimals, minus as −. */
export function formatNumber(value: number | null | undefined, decimals = 3): string {
  if (value == null || Number.isNaN(value)) return '–'
  // What rounds to nothing has no sign.
  const text = value.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1')
  return text.replace('-', minus)
}

/** Significant digits for numbers of unknown size. */
export function formatSignificant(value: number | null | undefined, digits = 4): string {
  if (value == null || Number.isNaN(value)) return '–'
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4))
    return value.toExponential(digits - 1).replaceAll('-', minus)
  return String(Number(value.toPrecision(digits))).replace('-', minus)
}

/** A value with the digits its unit deserves: soil moisture three decimals, else four significant digits. */
export const formatReading = (value: number | null | undefined, unit: string): string =>
  unit === 'm3 m-3' ? formatNumber(value, 3) : formatSignificant(value)

/** A coordinate: tenths of a metre, or degrees to about a metre. */
export function formatCoordinate(value: number, isGeographic: boolean): string {
  return formatNumber(value, isGeographic ? 5 : 1).replace(/\.0$/, '')
}

/** 17 564 */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, thin)
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`
}

/** 1 h 50 min, 4 min 10 s, 12 s. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60)
    return seconds < 600 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
