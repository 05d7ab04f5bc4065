import { reasonCodes } from '../../../main/contract/index.ts'
import type { Reason } from '../../../main/contract/index.ts'

/** How a cell without a value (or with a value that should not be trusted) is drawn. Numbers are those of the shader. */
export const patternNumbers = {
  none: 0,
  lines: 1,
  backLines: 2,
  crossHatch: 3,
  dots: 4,
  rows: 5,
  columns: 6,
  plus: 7,
  outline: 8,
} as const
export type Pattern = keyof typeof patternNumbers

interface ReasonLook {
  readonly pattern: Pattern
  /** Short, for the legend. */
  readonly title: string
  /** A sentence for the read-out. */
  readonly words: string
}

/** A missing value is drawn, never implied. Where a source does not reach there is no map, so nothing is drawn. */
export const reasonLooks: Record<Reason, ReasonLook> = {
  none: { pattern: 'none', title: 'Value', words: '' },
  no_data: { pattern: 'outline', title: 'Not observed', words: 'Not observed: the source holds no value here' },
  masked: { pattern: 'lines', title: 'Masked', words: 'Masked: cloud, water or a quality flag' },
  outside_source: { pattern: 'none', title: 'Outside the source', words: 'Outside what the source covers' },
  no_scene: { pattern: 'outline', title: 'No scene', words: 'No scene on this date' },
  too_old: {
    pattern: 'columns',
    title: 'Too old',
    words: 'Nearest valid values in time are older than the limit',
  },
  too_few_valid: {
    pattern: 'rows',
    title: 'Too few valid cells',
    words: 'Too little of the cell is covered by valid source cells',
  },
  not_finite: { pattern: 'plus', title: 'Not finite', words: 'The formula has no finite result here' },
  out_of_range: { pattern: 'backLines', title: 'Out of range', words: 'The value is outside what its unit allows' },
  too_few_neighbours: { pattern: 'dots', title: 'Too few neighbours', words: 'Too few neighbours to estimate from' },
  outside_applicability: {
    pattern: 'crossHatch',
    title: 'Outside applicability',
    words: 'Outside the area of applicability: unlike anything the model was trained on',
  },
  no_observation: { pattern: 'outline', title: 'No observation', words: 'No observation on this date' },
}

/** Marks cells of a tile that could not be read; no file holds it. */
export const failedTile = 255

const byCode = new Map<number, ReasonLook>(
  (Object.keys(reasonCodes) as Reason[]).map((reason) => [reasonCodes[reason], reasonLooks[reason]]),
)

/** A code no version of Loam knows is shown as not observed, with its number. */
export function reasonLook(code: number): ReasonLook {
  if (code === failedTile)
    return { pattern: 'dots', title: 'Not read', words: 'This tile could not be read; it is tried again' }
  return byCode.get(code) ?? { pattern: 'outline', title: `Reason ${code}`, words: `No value, reason ${code}` }
}

/** Distance between lines or dots, CSS pixels; the swatches of the legend use the same. */
export const patternPeriod = 8

/** GLSL: `int patternOf(int reason)`. */
export function patternLookupSource(): string {
  const rows = [...Object.values(reasonCodes), failedTile].map(
    (code) => `  if (reason == ${code}) return ${patternNumbers[reasonLook(code).pattern]};`,
  )
  return `int patternOf(int reason) {\n${rows.join('\n')}\n  return ${patternNumbers.outline};\n}`
}
