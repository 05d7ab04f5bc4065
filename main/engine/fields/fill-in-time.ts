import { dayFromNumber, dayNumber, LoamError, reasonCodes } from '../../contract/index.ts'
import type { Day, FieldExpression } from '../../contract/index.ts'
import { cached } from './block-cache.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling, FieldParts } from './compiled-field.ts'
import { datesAround, searchInTime } from './search-in-time.ts'

type Fill = Extract<FieldExpression, { fillInTime: unknown }>
type IsFilled = Extract<FieldExpression, { isFilled: unknown }>

/** A dated field without gaps in time, cell by cell: the observed value where there is one; else linear between the
 *  nearest valid dates before and after, each within `maxAgeDays` of the day; with only one of them its value, carried.
 *  Cells with neither are `too_old`. Computed on the field's own grid, before any averaging.
 *  @throws bad_recipe when the field has no dates to fill between */
export function fillInTime(expression: Fill, at: Compiling): CompiledField {
  const field = datedField(expression.fillInTime, 'fillInTime', at)
  const { maxAgeDays } = expression
  const filled = makeField(
    {
      ...searched(field, maxAgeDays, 'fillInTime/1'),
      unit: field.unit,
      kind: field.kind,
      lineage: `${field.lineage}, gaps filled by ${method[field.kind]} in time from values up to ${days(maxAgeDays)} away`,
      async compute(window, day, signal) {
        const { values, reasons } = await searchInTime(field, window, day, maxAgeDays, signal)
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
  return cached(filled, at.cache)
}

/** 1 where `fillInTime` of the same field fills a gap, 0 where it has the day's own value; on a coarser grid the filled
 *  share of the cell. */
export function isFilled(expression: IsFilled, at: Compiling): CompiledField {
  const field = datedField(expression.isFilled, 'isFilled', at)
  const { maxAgeDays } = expression
  return makeField(
    {
      ...searched(field, maxAgeDays, 'isFilled/1'),
      unit: '1',
      kind: 'continuous',
      lineage: `whether a gap of ${field.lineage} was filled from values up to ${days(maxAgeDays)} away (1) or not (0)`,
      async compute(window, day, signal) {
        const { values, reasons, isFilled: flags } = await searchInTime(field, window, day, maxAgeDays, signal)
        for (let i = 0; i < values.length; i++) if (reasons[i] === reasonCodes.none) values[i] = flags[i]
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
}

const method = {
  continuous: 'linear interpolation',
  circular: 'interpolation along the circle',
  decibel: 'interpolation of power',
  categorical: 'the nearest date',
} as const

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`
}

/** What a fill and its flag share: dates, identity, absence. */
function searched(
  field: CompiledField,
  maxAgeDays: number,
  form: string,
): Pick<FieldParts, 'times' | 'nativeGrid' | 'statedFraction' | 'isUniform' | 'identity' | 'identityOn' | 'absence'> {
  const times = field.times as readonly Day[]
  const reached = daysWithin(times, maxAgeDays)
  const isReached = new Set(reached)
  return {
    times: reached,
    nativeGrid: field.nativeGrid,
    statedFraction: field.statedFraction,
    isUniform: field.isUniform,
    identity: { form, maxAgeDays, field: field.id },
    identityOn(day) {
      const { before, isToday, after } = datesAround(times, day, maxAgeDays)
      const dates = [...before.reverse(), ...(isToday ? [day] : []), ...after]
      const today = dayNumber(day)
      return { form, maxAgeDays, dates: dates.map((date) => [dayNumber(date) - today, field.idOn(date)]) }
    },
    absence: (day) => (isReached.has(day) ? reasonCodes.none : reasonCodes.too_old),
  }
}

/** Every date at most `maxAgeDays` from one of the sorted dates, sorted. */
function daysWithin(times: readonly Day[], maxAgeDays: number): Day[] {
  const reached: Day[] = []
  let next = Number.NEGATIVE_INFINITY
  for (const date of times.map(dayNumber)) {
    for (next = Math.max(next, date - maxAgeDays); next <= date + maxAgeDays; next++) reached.push(dayFromNumber(next))
  }
  return reached
}

function datedField(expression: FieldExpression, step: string, at: Compiling): CompiledField {
  const field = at.inner(expression, step)
  if (Array.isArray(field.times)) return cached(field, at.cache)
  const found = field.times === 'static' ? 'does not change in time' : 'has a value on every date'
  throw new LoamError(
    'bad_recipe',
    `Field "${at.path}": ${step} needs a field with gaps between dates, but ${field.lineage} ${found}. Use it without ${step}.`,
    { field: at.path },
  )
}
