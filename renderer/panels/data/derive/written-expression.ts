import { FieldExpression, faultsOf, issueText } from '../../../../main/contract/index.ts'

/** A fault of a text and the line it stands on, counted from 1; null where the text itself does not say. */
export interface WrittenFault {
  readonly line: number | null
  /** Where in the expression, such as `drift.dem`; empty for all of it. */
  readonly path: string
  readonly message: string
}

/** An expression read from its text; null with the faults that keep it from being one. */
export function readWritten(text: string): {
  readonly expression: FieldExpression | null
  readonly faults: readonly WrittenFault[]
} {
  if (text.trim() === '') return { expression: null, faults: [] }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (thrown) {
    return {
      expression: null,
      faults: [{ line: null, path: '', message: `is no JSON yet: ${(thrown as Error).message}` }],
    }
  }
  const parsed = FieldExpression.safeParse(json, { error: issueText })
  if (parsed.success) return { expression: parsed.data, faults: [] }
  const lines = linesOf(text)
  const faults = faultsOf(parsed.error).map(({ path, message }) => {
    const own = path === '(whole file)' ? '' : path
    return { line: lineOf(own, lines), path: own, message }
  })
  return { expression: null, faults }
}

/** JSON as people read it: an object or list on one line where it fits. */
export function writeExpression(expression: FieldExpression): string {
  return written(expression, '')
}

const widest = 60

function written(value: unknown, indent: string): string {
  const flat = oneLine(value)
  if (value === null || typeof value !== 'object' || indent.length + flat.length <= widest) return flat
  const inside = `${indent}  `
  const isList = Array.isArray(value)
  const rows = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `${inside}${isList ? '' : `${JSON.stringify(key)}: `}${written(each, inside)}`)
  return `${isList ? '[' : '{'}\n${rows.join(',\n')}\n${indent}${isList ? ']' : '}'}`
}

function oneLine(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  const rows = Object.entries(value).flatMap(([key, each]) =>
    each === undefined ? [] : [`${JSON.stringify(key)}: ${oneLine(each)}`],
  )
  return rows.length === 0 ? '{}' : `{ ${rows.join(', ')} }`
}

/** The line of a place, or of the nearest part around it that the text has. */
function lineOf(path: string, lines: ReadonlyMap<string, number>): number | null {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const line = lines.get(at)
    if (line !== undefined || at === '') return line ?? null
  }
}

/** Line of every value of a text that is JSON, by its path: `drift.dem`, `variogram.0.shape`. */
function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>()
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)]
  let at = 0
  let line = 1
  let seen = 0
  const next = (): string => {
    const { 0: token, index } = tokens[at++]
    for (; seen < index; seen++) if (text[seen] === '\n') line++
    return token
  }
  const value = (path: string): void => {
    const token = next()
    lines.set(path, line)
    if (token !== '{' && token !== '[') return
    const end = token === '{' ? '}' : ']'
    for (let i = 0; tokens[at][0] !== end; i++) {
      if (tokens[at][0] === ',') next()
      const key = token === '{' ? (JSON.parse(next()) as string) : String(i)
      if (token === '{') next()
      value(path === '' ? key : `${path}.${key}`)
    }
    next()
  }
  value('')
  return lines
}
