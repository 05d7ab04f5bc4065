import { LoamError } from '../../contract/index.ts'
import type { TablePreview } from '../../contract/index.ts'
import { columnFor, roleNames } from './column-roles.ts'
import type { Role } from './column-roles.ts'
import type { StationTableOptions } from './read-station-table.ts'
import { planTable } from './table-plan.ts'
import type { TablePlan } from './table-plan.ts'
import { eachRow, separatorNames } from './table-rows.ts'
import { surveyTable } from './table-survey.ts'

const shownRows = 12

/** First rows of a table and the part each column plays by its heading, the options and what it holds.
 *  @throws unsupported_format, bad_table */
export async function previewTable(path: string, options: StationTableOptions = {}): Promise<TablePreview> {
  const survey = await surveyTable(path, options)
  const headings = survey.columns.map(({ heading }) => heading)
  const roles = rolesOf(headings, planOf())
  const first: string[][] = []
  const enough = new Error('enough rows')
  let isHeading = true
  try {
    await eachRow(path, survey.dialect, (cells) => {
      if (!isHeading) first.push(cells.slice(0, headings.length))
      isHeading = false
      if (first.length >= shownRows) throw enough
    })
  } catch (thrown) {
    if (thrown !== enough) throw thrown
  }
  return {
    encoding: survey.dialect.encoding,
    separator: separatorNames[survey.dialect.separator] ?? survey.dialect.separator,
    decimalMark: survey.decimalMark,
    rows: survey.rows,
    columns: survey.columns.map((column, i) => ({
      heading: column.heading,
      filled: column.filled,
      missing: column.missing,
      isDate: column.filled > 0 && column.dateFormats.length > 0,
      isNumber: column.filled > 0 && column.texts === 0,
      role: roles[i],
    })),
    first,
  }

  function planOf(): TablePlan | null {
    try {
      return planTable(survey, options, options.stationsFile === undefined)
    } catch (thrown) {
      // A table that raises a question, or is a list of stations, is shown with what its headings alone say.
      if (thrown instanceof LoamError) return null
      throw thrown
    }
  }
}

function rolesOf(headings: string[], plan: TablePlan | null): (string | null)[] {
  const roles = headings.map((): string | null => null)
  if (plan) {
    const put = (index: number | null | undefined, role: string): void => {
      if (index !== null && index !== undefined) roles[index] = role
    }
    for (const value of plan.values) put(value.column, 'value')
    put(plan.place?.x, 'x')
    put(plan.place?.y, 'y')
    put(plan.depth?.from, 'depth')
    if (plan.depth && plan.depth.to !== plan.depth.from) put(plan.depth.to, 'depthTo')
    for (const role of ['station', 'network', 'variable', 'unit', 'flag', 'sensor', 'elevation'] as const)
      put(plan[role], role)
    for (const index of plan.date) put(index, 'date')
    return roles
  }
  const taken = new Set<number>()
  for (const role of Object.keys(roleNames) as Role[]) {
    const index = columnFor(role, headings, taken)
    if (index === null) continue
    taken.add(index)
    roles[index] = role
  }
  return roles
}
