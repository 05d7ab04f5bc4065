import { addDays, LoamError, reasonCodes } from '../../contract/index.ts'
import type { Day, FieldExpression } from '../../contract/index.ts'
import { cached } from './block-cache.ts'
import { makeField, readAs } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'

type Antecedent = Extract<FieldExpression, { antecedent: unknown }>

/** Mean or sum over the `days` days before a day (with `includeToday` the day itself is the last of them). A cell with a
 *  day missing in the window has no value and that day's reason: a sum over fewer days would look drier.
 *  @throws bad_recipe for a field without time, or one that is not a plain quantity; no_dates when no window is whole */
export function antecedent(expression: Antecedent, at: Compiling): CompiledField {
  const { days, statistic, includeToday = false } = expression
  const inner = at.inner(expression.antecedent, 'antecedent')
  if (inner.times === 'static' || inner.kind !== 'continuous')
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}": antecedent needs a continuous field that changes in time; ${inner.lineage} is ${inner.times === 'static' ? 'static' : inner.kind}. ${inner.times === 'static' ? 'Use it without antecedent' : 'Turn it into a plain quantity with a formula first'}.`,
      { field: at.path },
    )
  const field = cached(inner, at.cache)
  const windowOf = (day: Day): Day[] => {
    const last = includeToday ? day : addDays(day, -1)
    return Array.from({ length: days }, (_, i) => addDays(last, i + 1 - days))
  }
  /** Reason of the most recent day that is absent as a whole. */
  const absence = (day: Day): number => {
    for (const each of windowOf(day).reverse()) {
      const reason = field.absence(each)
      if (reason !== reasonCodes.none) return reason
    }
    return reasonCodes.none
  }
  const times =
    field.times === 'any' ? 'any' : wholeWindows(field.times as readonly Day[], absence, includeToday ? 0 : 1)
  if (times.length === 0)
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": ${inner.lineage} has no ${days} dates in a row, which its antecedent ${statistic} needs. Fill it in time first (fillInTime), or ask for fewer days.`,
      { field: at.path },
    )
  const method = { form: 'antecedent/1', days, statistic, includeToday }
  return makeField(
    {
      unit: field.unit,
      kind: 'continuous',
      times,
      nativeGrid: field.nativeGrid,
      statedFraction: field.statedFraction,
      isUniform: field.isUniform,
      absence,
      lineage: `${statistic} over ${includeToday ? `${days} days up to the day itself` : `the ${days} days before`} of ${inner.lineage}`,
      identity: { ...method, field: field.id },
      identityOn: (day) => ({ ...method, days: windowOf(day).map((each) => field.idOn(each)) }),
      async compute(window, day, signal) {
        const cells = window.rows * window.cols
        const sums = new Float64Array(cells)
        const reasons = new Uint8Array(cells)
        for (const each of windowOf(day).reverse()) {
          const block = await readAs(field, field.kind, window, each, signal)
          for (let i = 0; i < cells; i++) {
            sums[i] += block.values[i]
            if (reasons[i] === 0) reasons[i] = block.reasons[i]
          }
        }
        const divisor = statistic === 'mean' ? days : 1
        const values = Float32Array.from(sums, (sum) => sum / divisor)
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
}

/** Days whose whole window the field covers, sorted. Such a day is `shift` days after a date of the field. */
function wholeWindows(times: readonly Day[], absence: (day: Day) => number, shift: number): Day[] {
  return times.map((day) => addDays(day, shift)).filter((day) => absence(day) === reasonCodes.none)
}
