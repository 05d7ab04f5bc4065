import { dayNumber, dayOfYear, reasonCodes } from '../../contract/index.ts'
import type { Day, FieldExpression } from '../../contract/index.ts'
import { uniformBlock } from './blocks.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'

type Calendar = Extract<FieldExpression, { calendar: string }>

/** Turn of the year, radians: 0 on 1 January, 2π a day after 31 December, in leap years too. */
function yearAngle(day: Day): number {
  const year = Number(day.slice(0, 4))
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return (2 * Math.PI * (dayOfYear(day) - 1)) / (isLeap ? 366 : 365)
}

/** Calendar terms. Day of the year and month are counted from 1; `dayNumber` is days since 1970-01-01. */
const terms: Record<Calendar['calendar'], { unit: string; words: string; value: (day: Day) => number }> = {
  dayOfYear: { unit: 'd', words: 'day of the year', value: dayOfYear },
  sinDayOfYear: { unit: '1', words: 'sine of the day of the year', value: (day) => Math.sin(yearAngle(day)) },
  cosDayOfYear: { unit: '1', words: 'cosine of the day of the year', value: (day) => Math.cos(yearAngle(day)) },
  month: { unit: '1', words: 'month', value: (day) => Number(day.slice(5, 7)) },
  year: { unit: 'a', words: 'year', value: (day) => Number(day.slice(0, 4)) },
  dayNumber: { unit: 'd', words: 'days since 1970-01-01', value: dayNumber },
}

/** A calendar term: on every date, the same everywhere. */
export function calendar(expression: Calendar, at: Compiling): CompiledField {
  const { unit, words, value } = terms[expression.calendar]
  const identity = { form: 'calendar/1', term: expression.calendar }
  return makeField(
    {
      unit,
      kind: 'continuous',
      times: 'any',
      nativeGrid: null,
      isUniform: true,
      lineage: words,
      identity,
      identityOn: (day) => ({ ...identity, value: value(day) }),
      absence: () => reasonCodes.none,
      compute: async (window, day) => uniformBlock(window, value(day)),
    },
    at,
  )
}
