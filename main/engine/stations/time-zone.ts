import { LoamError } from '../../contract/index.ts'

const millisecondsPerDay = 86_400_000

/** Clock of a time zone. Both functions are exact over changes to and from summer time. */
export interface ZoneClock {
  /** Local time minus UTC at a UTC instant, milliseconds. */
  offsetAt(utcMs: number): number
  /** UTC instant of a local wall-clock time. Of an hour that comes twice, the first; a time the clock jumps over counts
   *  on with the offset from before the jump. */
  toUtc(localMs: number): number
}

/** @param zone IANA name (`Europe/Amsterdam`), `UTC`, or a fixed offset (`+02:00`)
 *  @throws bad_input: no such zone */
export function zoneClock(zone: string): ZoneClock {
  const fixed = fixedOffset(zone)
  if (fixed !== null) return { offsetAt: () => fixed, toUtc: (localMs) => localMs - fixed }
  const offsetAt = namedOffset(zone)
  return {
    offsetAt,
    toUtc(localMs) {
      const before = offsetAt(localMs - millisecondsPerDay)
      const after = offsetAt(localMs + millisecondsPerDay)
      if (before === after) return localMs - before
      if (offsetAt(localMs - before) === before) return localMs - before
      return offsetAt(localMs - after) === after ? localMs - after : localMs - before
    },
  }
}

function fixedOffset(zone: string): number | null {
  if (/^(UTC|GMT|Z)$/i.test(zone)) return 0
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!match) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  if (minutes > 18 * 60 || Number(match[3]) > 59) throw unknownZone(zone)
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

function namedOffset(zone: string): (utcMs: number) => number {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw unknownZone(zone)
  }
  const ask = (utcMs: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(utcMs)) part[type] = Number(value)
    const local = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second)
    return local - Math.floor(utcMs / 1000) * 1000
  }
  // A formatter answers in microseconds and a table has millions of rows. On almost every day the offset is one
  // number, so it is asked for at both ends of the day and kept; only days on which it changes are asked each time.
  const ofDay = new Map<number, number | null>()
  return (utcMs) => {
    const day = Math.floor(utcMs / millisecondsPerDay)
    let known = ofDay.get(day)
    if (known === undefined) {
      const start = ask(day * millisecondsPerDay)
      known = start === ask((day + 1) * millisecondsPerDay) ? start : null
      ofDay.set(day, known)
    }
    return known ?? ask(utcMs)
  }
}

function unknownZone(zone: string): LoamError {
  return new LoamError(
    'bad_input',
    `"${zone}" is not a time zone. Needed is a name such as Europe/Amsterdam, UTC, or an offset such as +02:00; correct the time zone.`,
    { timeZone: zone },
  )
}
