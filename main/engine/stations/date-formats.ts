/** A date or date and time as written, before any time zone. */
export interface Stamp {
  /** Wall-clock milliseconds since 1970, as if it were UTC. */
  localMs: number
  /** The text has a time of day. */
  hasTime: boolean
  /** Minutes east of UTC written behind the time; null when none is. */
  zoneMinutes: number | null
}

interface DateFormat {
  /** As shown to the user. */
  name: string
  pattern: RegExp
  read(parts: Record<string, string | undefined>): Stamp | null
}

const time = String.raw`(?:[T ,]\s*(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?\s*(?<half>[AP]M)?)?\s*(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?`
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function pattern(date: string, tail = time): RegExp {
  return new RegExp(`^${date}${tail}$`, 'i')
}

function civil(readParts: (p: Record<string, string | undefined>) => [year: number, month: number, day: number]) {
  return (parts: Record<string, string | undefined>): Stamp | null => {
    const [year, month, day] = readParts(parts)
    return stampOf(year, month, day, parts)
  }
}

/** Day before month, or month before day: the only two forms that can be mistaken for each other. */
const numbersFirst = String.raw`(?<first>\d{1,2})(?<mark>[/.-])(?<second2>\d{1,2})\k<mark>(?<year>\d{4}|\d{2})`
const dayFirst: DateFormat = {
  name: 'day/month/year',
  pattern: pattern(numbersFirst),
  read: civil((p) => [fullYear(p.year!), Number(p.second2), Number(p.first)]),
}
const monthFirst: DateFormat = {
  name: 'month/day/year',
  pattern: pattern(numbersFirst),
  read: civil((p) => [fullYear(p.year!), Number(p.first), Number(p.second2)]),
}

/** The forms Loam reads, in the order they are tried: a column has the first one that fits all its rows. */
const dateFormats = {
  iso: {
    name: 'year-month-day',
    pattern: pattern(String.raw`(?<year>\d{4})[-/. ](?<month>\d{1,2})[-/. ](?<day>\d{1,2})`),
    read: civil((p) => [Number(p.year), Number(p.month), Number(p.day)]),
  },
  named: {
    name: 'day-month name-year',
    pattern: pattern(String.raw`(?<day>\d{1,2})[- /.]?(?<monthName>[A-Z]{3,9})[- /.,]*(?<year>\d{4}|\d{2})`),
    read: civil((p) => [
      fullYear(p.year!),
      monthNames.indexOf(p.monthName!.slice(0, 3).toLowerCase()) + 1,
      Number(p.day),
    ]),
  },
  dayFirst,
  monthFirst,
  compact: {
    name: 'YYYYMMDD',
    pattern:
      /^(?<year>(?:1[89]|2[01])\d{2})(?<month>0[1-9]|1[0-2])(?<day>[0-2]\d|3[01])(?:[T ]?(?<hour>[01]\d|2[0-4]):?(?<minute>[0-5]\d):?(?<second>[0-5]\d)?)?(?<zone>Z)?$/,
    read: civil((p) => [Number(p.year), Number(p.month), Number(p.day)]),
  },
  dayOfYear: {
    name: 'YYYY DDD (day of the year)',
    pattern: pattern(String.raw`(?<year>(?:1[89]|2[01])\d{2})[- /.]?(?<ordinal>\d{3}|(?<=[- /.])\d{1,2})`),
    read(p) {
      const ordinal = Number(p.ordinal)
      const stamp = stampOf(Number(p.year), 1, 1, p)
      const days = (Date.UTC(Number(p.year) + 1, 0, 1) - Date.UTC(Number(p.year), 0, 1)) / 86_400_000
      if (!stamp || ordinal < 1 || ordinal > days) return null
      return { ...stamp, localMs: stamp.localMs + (ordinal - 1) * 86_400_000 }
    },
  },
  epochMilliseconds: { name: 'milliseconds since 1970', pattern: /^-?\d{12,13}$/, read: () => null },
  epochSeconds: { name: 'seconds since 1970', pattern: /^-?\d{9,10}(?:\.\d+)?$/, read: () => null },
} satisfies Record<string, DateFormat>

export type DateFormatName = keyof typeof dateFormats

export function dateFormatName(name: DateFormatName): string {
  return dateFormats[name].name
}

/** Reads one cell. @returns null when the text is not a date of that form, or no date that exists */
export function readStamp(text: string, format: DateFormatName): Stamp | null {
  const match = dateFormats[format].pattern.exec(text)
  if (!match) return null
  if (format === 'epochSeconds') return { localMs: Math.round(Number(text) * 1000), hasTime: true, zoneMinutes: 0 }
  if (format === 'epochMilliseconds') return { localMs: Number(text), hasTime: true, zoneMinutes: 0 }
  return dateFormats[format].read(match.groups as Record<string, string | undefined>)
}

/** The forms that read every one of the texts, in the order of preference. */
export function fittingFormats(texts: string[]): DateFormatName[] {
  const names = Object.keys(dateFormats) as DateFormatName[]
  return names.filter((name) => texts.every((text) => readStamp(text, name) !== null))
}

function stampOf(year: number, month: number, day: number, p: Record<string, string | undefined>): Stamp | null {
  let hour = Number(p.hour ?? 0)
  const minute = Number(p.minute ?? 0)
  const second = Number(p.second ?? 0)
  if (p.half) {
    if (hour < 1 || hour > 12) return null
    hour = (hour % 12) + (p.half.toLowerCase() === 'pm' ? 12 : 0)
  }
  // Some services write midnight as 24:00 of the day that ends.
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && (minute > 0 || second > 0))) return null
  if (year < 1800 || year > 2200 || month < 1 || month > 12) return null
  const midnight = Date.UTC(year, month - 1, day)
  if (day < 1 || new Date(midnight).getUTCDate() !== day) return null
  return {
    localMs: midnight + ((hour * 60 + minute) * 60 + second) * 1000,
    hasTime: p.hour !== undefined,
    zoneMinutes: zoneMinutesOf(p.zone),
  }
}

function zoneMinutesOf(zone: string | undefined): number | null {
  if (zone === undefined) return null
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

/** Two-digit years as POSIX reads them: 69–99 are 1969–1999. */
function fullYear(text: string): number {
  const year = Number(text)
  return text.length === 4 ? year : year < 69 ? 2000 + year : 1900 + year
}
