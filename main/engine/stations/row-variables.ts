import { LoamError } from '../../contract/index.ts'
import { normaliseUnit, roundToMicrometres } from './headings.ts'
import type { SetBuilder } from './set-builder.ts'
import { isMissingText, readNumber } from './table-numbers.ts'
import type { PlanOptions, TablePlan } from './table-plan.ts'
import type { TableSurvey } from './table-survey.ts'
import { namedQuantity } from './table-values.ts'

interface FoundVariable {
  readonly index: number
  /** Value in the variable's unit = number in the file / divisor. */
  readonly divisor: number
}

/** Tells which variable a cell belongs to; in long tables the row's depth, unit and variable name decide. */
export function variableFinder(
  builder: SetBuilder,
  survey: TableSurvey,
  plan: TablePlan,
  options: PlanOptions,
): (value: number, cells: string[], line: number) => FoundVariable {
  if (plan.variable === null && plan.depth === null && plan.unit === null) {
    const found = plan.values.map(({ variable, unit, depth, divisor }) => ({
      index: builder.variable(variable, unit, depth),
      divisor,
    }))
    return (value) => found[value]
  }
  const known = new Map<string, FoundVariable>()
  return (value, cells, line) => {
    const key = [
      value,
      plan.variable === null ? '' : cells[plan.variable],
      plan.depth === null ? '' : `${cells[plan.depth.from]}|${cells[plan.depth.to]}`,
      plan.unit === null ? '' : cells[plan.unit],
    ].join('|')
    let found = known.get(key)
    if (!found) {
      const column = plan.values[value]
      const depth = rowDepth(survey, plan, cells, line)
      const unit = plan.unit === null ? undefined : cells[plan.unit]
      const named = plan.variable === null ? column : namedQuantity(cells[plan.variable], unit, options)
      const said = plan.variable === null && unit ? normaliseUnit(unit) : named.unit
      found = { index: builder.variable(named.variable, said, depth ?? named.depth), divisor: named.divisor }
      known.set(key, found)
    }
    return found
  }
}

/** @throws bad_table: no number, or deeper than any soil sensor (centimetres taken for metres) */
function rowDepth(survey: TableSurvey, { depth }: TablePlan, cells: string[], line: number): [number, number] | null {
  if (depth === null || isMissingText(cells[depth.from])) return null
  const ends = [depth.from, depth.to].map((column) => {
    const metres = (readNumber(cells[column], survey.decimalMark) ?? Number.NaN) * depth.metresPer
    if (metres >= -50 && metres <= 10) return roundToMicrometres(metres)
    throw new LoamError(
      'bad_table',
      `${survey.path}, line ${line}, column "${survey.columns[column].heading}": the depth "${cells[column]}" is ${Number.isNaN(metres) ? 'no number' : `${metres} m`}. ` +
        'Needed is a depth of a soil sensor; give depthUnit if these are centimetres.',
      { file: survey.path, line, column: survey.columns[column].heading, question: 'depthUnit' },
    )
  })
  return [ends[0], ends[1]]
}
