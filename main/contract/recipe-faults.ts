import type { z } from 'zod'

/** One place of a recipe that has to be mended. */
export interface RecipeFault {
  /** `predictors.evi.bands.red`; `(whole file)` when it is none of its parts. */
  readonly path: string
  readonly message: string
}

const mostShown = 20
const longestPath = 80

/** What a check found, place by place. Of a choice between forms, the faults of the form the writer came closest to. */
export function faultsOf(error: z.ZodError): RecipeFault[] {
  const faults = error.issues.flatMap((issue) => unfold(issue, []))
  const isNew = (fault: RecipeFault, i: number): boolean =>
    faults.findIndex((other) => other.path === fault.path && other.message === fault.message) === i
  return faults.filter(isNew)
}

/** The faults as lines for people, the first twenty of them. */
export function faultLines(faults: readonly RecipeFault[]): string {
  const lines = faults.slice(0, mostShown).map(({ path, message }) => `  ${shortened(path)}: ${message}`)
  if (faults.length > mostShown) lines.push(`  … and ${faults.length - mostShown} more`)
  return lines.join('\n')
}

/** zod's finding in the words of Loam; undefined leaves zod's own. Given to `safeParse` as `error`. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = typeNames[issue.expected] ?? issue.expected
      return issue.input === undefined ? `is missing; it needs ${wanted}` : `needs ${wanted}, not ${shown(issue.input)}`
    }
    case 'invalid_value': {
      const wanted = issue.values.map((value) => JSON.stringify(value)).join(issue.values.length > 2 ? ', ' : ' or ')
      const oneOf = issue.values.length > 2 ? `one of ${wanted}` : wanted
      return issue.input === undefined ? `is missing; it needs ${oneOf}` : `needs ${oneOf}, not ${shown(issue.input)}`
    }
    case 'unrecognized_keys': {
      const known = Object.keys((issue.inst as Partial<z.ZodObject> | undefined)?.shape ?? {})
      const takes = known.length > 0 ? `; it takes ${known.join(', ')}` : ''
      return `has no place for ${issue.keys.map((key) => shown(key)).join(', ')}${takes}`
    }
    case 'too_small':
      return `needs ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${countedIn(issue.origin)}`
    case 'too_big':
      return `needs ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}${countedIn(issue.origin)}`
    case 'invalid_key':
      return issue.issues[0]?.message
    case 'invalid_union':
      if ('options' in issue && Array.isArray(issue.options))
        return `needs one of ${issue.options.map(shown).join(', ')}`
      return issue.input === undefined ? 'is missing' : undefined
    default:
      return undefined
  }
}

const typeNames: Partial<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object in { }',
  record: 'an object in { }',
}

function countedIn(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' entries' : ''
}

/** A value as it stands in the file, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function unfold(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): RecipeFault[] {
  const path = [...above, ...issue.path]
  const isChoice = issue.code === 'invalid_union' && issue.message !== 'is missing' && issue.errors.length > 0
  if (!isChoice) return [{ path: path.map(String).join('.') || '(whole file)', message: issue.message }]
  const closest = issue.errors.reduce((best, form) => (distance(form) < distance(best) ? form : best))
  return closest.flatMap((inner) => unfold(inner, path))
}

/** How far a value is from a form: keys it has too many or too few weigh most. */
function distance(form: readonly z.core.$ZodIssue[]): number {
  return form.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 10 * issue.keys.length
    return sum + (issue.message.startsWith('is missing') ? 10 : 1)
  }, 0)
}

function shortened(path: string): string {
  return path.length <= longestPath ? path : `${path.slice(0, 40)} … ${path.slice(-30)}`
}
