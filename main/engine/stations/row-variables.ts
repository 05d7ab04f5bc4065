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

/** Tells which variable a cell belongs to; in long tables the row's depth, unit, sensor and variable name decide. */
export function variableFinder(
  builder: SetBuilder,
  survey: TableSurvey,
  plan: TablePlan,
  options: PlanOptions,
): (value: number, cells: string[], line: number, station: number) => FoundVariable {
  if (plan.variable === null && plan.depth === null && plan.unit === null && plan.sensor === null) {
    const beside = new Map<string, number>()
    const found = plan.values.map(({ variable, unit, depth, divisor }) => {
      // Two columns of one quantity are two sensors.
      const key = JSON.stringify([variable, unit, depth])
      const sensor = beside.get(key) ?? 0
      beside.set(key, sensor + 1)
      return { index: builder.variable(variable, unit, depth, sensor), divisor }
    })
    return (value) => found[value]
  }
  const known = new Map<string, FoundVariable>()
  return (value, cells, line, station) => {
    const sensor = plan.sensor === null ? null : cells[plan.sensor]
    const key = [
      value,
      plan.variable === null ? '' : cells[plan.variable],
      plan.depth === null ? '' : `${cells[plan.depth.from]}|${cells[plan.depth.to]}`,
      plan.unit === null ? '' : cells[plan.unit],
      sensor === null ? '' : `${station}|${sensor}`,
    ].join('|')
    let found = known.get(key)
    if (!found) {
      const column = plan.values[value]
      const rowUnit = plan.unit === null || cells[plan.unit] === '' ? undefined : cells[plan.unit]
      const named = plan.variable === null ? column : namedQuantity(cells[plan.variable], rowUnit, options)
      const unit = plan.variable === null && rowUnit ? normaliseUnit(rowUnit) : named.unit
      const depth = rowDepth(survey, plan, cells, line) ?? named.depth
      const index =
        sensor === null
          ? builder.variable(named.variable, unit, depth)
          : builder.sensorVariable(station, named.variable, unit, depth, sensor)
      found = { index, divisor: named.divisor }
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
