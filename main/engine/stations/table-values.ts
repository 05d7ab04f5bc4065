import { LoamError } from '../../contract/index.ts'
import { plainHeading, quoted } from './column-roles.ts'
import { depthText } from './depths.ts'
import { isSoilMoisture, isVolumetric, normaliseUnit, understandHeading } from './headings.ts'
import type { PlanOptions } from './table-plan.ts'
import type { TableSurvey } from './table-survey.ts'

/** What numbers stand for, and how those in the file become values: value in `unit` = number / `divisor`. */
export interface Quantity {
  readonly variable: string
  readonly unit: string
  readonly depth: [number, number] | null
  readonly divisor: number
}

export interface ValueColumn extends Quantity {
  readonly column: number
}

/** Where to write what was understood and what was assumed. */
export interface Told {
  readonly notes: string[]
  readonly doubts: string[]
}

/** Numbers that count rows and say nothing of the soil. */
const rowNumbers = /^(?:record|rec|recnbr|index|row|rownum|row_number|fid|objectid|unnamed_0|)$/

/** Every column of numbers nobody else has taken. What is left out is noted.
 *  @throws bad_table: a column of numbers with some cells that are none */
export function guessValues(
  survey: TableSurvey,
  taken: ReadonlySet<number>,
  options: PlanOptions,
  told: Told,
  hasDepthColumn: boolean,
): ValueColumn[] {
  const values: ValueColumn[] = []
  const left: string[] = []
  survey.columns.forEach((column, i) => {
    if (taken.has(i)) return
    const heading = understandHeading(column.heading)
    const isNamed = heading.depth !== null || isSoilMoisture(heading.variable)
    const isText = column.texts > 0.05 * column.filled && !(isNamed && column.texts < column.filled)
    const isEmpty = column.filled === 0 && !isNamed
    if (rowNumbers.test(plainHeading(column.heading)) || isText || isEmpty) left.push(column.heading)
    else {
      requireNumbers(survey, i)
      const value = valueColumn(survey, i, options)
      values.push(value)
      tellValue(column.heading, value, options, told, hasDepthColumn)
    }
  })
  if (left.length > 0) told.notes.push(`Columns left out: ${quoted(left)}.`)
  return values
}

/** Quantity of a column by its heading, where `wanted` and the options do not say otherwise. */
export function valueColumn(
  { columns }: TableSurvey,
  column: number,
  options: PlanOptions,
  wanted: Partial<Pick<Quantity, 'variable' | 'unit' | 'depth'>> = {},
): ValueColumn {
  const { heading } = columns[column]
  const understood = understandHeading(heading)
  const variable = wanted.variable ?? understood.variable
  const unit = resolveUnit(variable, understood.unit, wanted.unit ?? saidUnit(options, heading, variable))
  return { column, variable, ...unit, depth: wanted.depth ?? understood.depth ?? options.depth ?? null }
}

/** Quantity of a row of a long table that names its variable. */
export function namedQuantity(name: string, rowUnit: string | undefined, options: PlanOptions): Quantity {
  const { variable, unit, depth } = understandHeading(name)
  return {
    variable,
    ...resolveUnit(variable, unit, saidUnit(options, name, variable) ?? rowUnit),
    depth: depth ?? options.depth ?? null,
  }
}

/** Notes what was understood of a column, for the user. */
export function tellValue(
  heading: string,
  { variable, unit, depth, divisor }: Quantity,
  options: PlanOptions,
  { notes, doubts }: Told,
  hasDepthColumn: boolean,
): void {
  const where = depth === null && hasDepthColumn ? 'at the depth of its row' : depthText(depth)
  const how = divisor === 1 ? '' : ' (percent by volume divided by 100)'
  notes.push(`"${heading}" is ${variable} ${where}, ${unit === '' ? 'unit not stated' : unit}${how}.`)
  if (unit === '%' && saidUnit(options, heading, variable) === undefined && isSoilMoisture(variable))
    doubts.push(
      `"${heading}" is in percent, of volume or of saturation is not said; it stays percent. Give its unit as vol% to have m3 m-3.`,
    )
}

/** @throws bad_table: a cell that is no number */
export function requireNumbers({ path, columns }: TableSurvey, index: number): void {
  const { heading, firstText, filled, texts } = columns[index]
  if (!firstText) return
  throw new LoamError(
    'bad_table',
    `${path}, line ${firstText.line}, column "${heading}": "${firstText.text}" is no number (${texts} of ${filled} cells are not). ` +
      'Needed are numbers or a text that means "no value"; mend the cell, name that text in `missing`, or leave the column out with `columns.values`.',
    { file: path, line: firstText.line, column: heading, found: firstText.text },
  )
}

function saidUnit({ unit }: PlanOptions, heading: string, variable: string): string | undefined {
  return typeof unit === 'string' ? unit : (unit?.[heading] ?? unit?.[variable])
}

/** Percent by volume becomes m3 m-3 when the user or the heading says so; a bare percentage stays one. */
function resolveUnit(
  variable: string,
  headingUnit: string,
  said: string | undefined,
): { unit: string; divisor: number } {
  const unit = said ? normaliseUnit(said) : headingUnit
  if (unit === 'vol%' || (unit === '%' && !said && isVolumetric(variable))) return { unit: 'm3 m-3', divisor: 100 }
  return { unit, divisor: 1 }
}
