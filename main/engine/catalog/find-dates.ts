import { LoamError } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { dateRules, datesIn } from './date-rules.ts'
import type { DateRule, FoundDate } from './date-rules.ts'

export interface DatedNames {
  readonly rule: DateRule
  /** One a name, in order. */
  readonly dates: FoundDate[]
  readonly notes: string[]
}

/** Finds the one date rule that all names follow.
 *  @param names file or band names without folder and ending
 *  @param explicit the rule the user gave; null to find it
 *  @param what for messages: `file`, `band`
 *  @returns null when no name holds a date
 *  @throws no_dates when some names hold a date and others do not; conflicting_dates when two rules fit all names and
 *  give different dates */
export function datesOfNames(names: readonly string[], explicit: DateRule | null, what: string): DatedNames | null {
  const rules = explicit ? [explicit] : dateRules
  const fits: DatedNames[] = []
  let nearest: { rule: DateRule; missing: string[] } | null = null
  for (const rule of rules) {
    const all = names.map((name) => datesIn(name, rule))
    const missing = names.filter((_, i) => all[i].length === 0)
    if (missing.length === 0)
      fits.push({ rule, dates: all.map((found) => found[0]), notes: severalDates(names, all, rule) })
    else if (missing.length < names.length && (!nearest || missing.length < nearest.missing.length))
      nearest = { rule, missing }
  }
  if (fits.length === 0) {
    if (explicit)
      throw new LoamError(
        'no_dates',
        `The date rule ${explicit.name} finds no date in ${what} "${nearest?.missing[0] ?? names[0]}". ` +
          `Each name needs one; choose another --date-rule or narrow the --pattern.`,
        { rule: explicit.name, examples: (nearest?.missing ?? names).slice(0, 3) },
      )
    if (nearest)
      throw new LoamError(
        'no_dates',
        `${names.length - nearest.missing.length} of ${names.length} ${what}s hold a date (${nearest.rule.name}), but ` +
          `"${nearest.missing[0]}" does not. A dataset is either dated or static: narrow the --pattern, or give ` +
          `--date-rule static.`,
        { rule: nearest.rule.name, examples: nearest.missing.slice(0, 3) },
      )
    return null
  }
  const days = fits.filter((fit) => fit.rule.precision === 'day')
  const candidates = days.length > 0 ? days : fits
  for (const other of fits) if (!agree(candidates[0], other)) throw conflict(names, candidates[0], other, what)
  return candidates[0]
}

/** A month agrees with every day in it. */
function agree(a: DatedNames, b: DatedNames): boolean {
  const length = a.rule.precision === 'month' || b.rule.precision === 'month' ? 7 : 10
  return a.dates.every((date, i) => date.day.slice(0, length) === b.dates[i].day.slice(0, length))
}

function conflict(names: readonly string[], a: DatedNames, b: DatedNames, what: string): LoamError {
  const examples = names
    .slice(0, 3)
    .map((name, i) => ({ name, [a.rule.name]: a.dates[i].day, [b.rule.name]: b.dates[i].day }))
  const lines = names
    .slice(0, 3)
    .map((name, i) => `  ${name}: ${a.dates[i].day} by ${a.rule.name}, ${b.dates[i].day} by ${b.rule.name}`)
  return new LoamError(
    'conflicting_dates',
    `The ${what} names hold dates by two rules that disagree:\n${lines.join('\n')}\nLoam needs one date each. Say which ` +
      `is meant with --date-rule ${a.rule.name} or --date-rule ${b.rule.name}.`,
    { rules: [a.rule.name, b.rule.name], examples },
  )
}

function severalDates(names: readonly string[], all: readonly FoundDate[][], rule: DateRule): string[] {
  const at = all.findIndex((found) => new Set(found.map((date) => date.day)).size > 1)
  if (at < 0) return []
  const days: Day[] = all[at].map((date) => date.day)
  return [`Names such as "${names[at]}" hold ${days.length} dates (${rule.name}); the first, ${days[0]}, is taken.`]
}
