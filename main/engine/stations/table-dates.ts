import { LoamError } from '../../contract/index.ts'
import { columnFor, columnNamed, plainHeading, quoted, roleNames } from './column-roles.ts'
import type { DateFormatName } from './date-formats.ts'
import type { TableSurvey } from './table-survey.ts'

/** Columns that together say when: one, or a date and a time of day, or the parts of a date.
 *  @throws unsupported_format: no column of dates; bad_table: a column that is one but for some rows */
export function pickDates(
  survey: TableSurvey,
  given: string | string[] | undefined,
  taken: ReadonlySet<number>,
): number[] {
  const { path, columns } = survey
  const headings = columns.map((column) => column.heading)
  if (given !== undefined) return [given].flat().map((name) => columnNamed(path, headings, name))
  const plain = headings.map(plainHeading)
  const isDate = (index: number): boolean => columns[index].dateFormats.length > 0
  for (const name of roleNames.date) {
    const index = plain.indexOf(name)
    if (index < 0 || !isDate(index)) continue
    const clock = columnFor('timeOfDay', headings, new Set([...taken, index]))
    const isClock =
      clock !== null && columns[clock].examples.every((text) => /^\d{1,2}(?::\d{2}(?::\d{2})?)?$/.test(text))
    return isClock && columns[clock].filled > 0 ? [index, clock] : [index]
  }
  const year = columnFor('year', headings)
  const month = columnFor('month', headings)
  const day = columnFor('dayOfMonth', headings)
  const ordinal = columnFor('dayOfYear', headings)
  if (year !== null && ordinal !== null) return [year, ordinal]
  if (year !== null && month !== null && day !== null) return [year, month, day]
  const only = columns.flatMap((column, i) => (column.texts > 0 && column.dateFormats.length > 0 ? [i] : []))
  if (only.length === 1) return only
  for (const name of roleNames.date) {
    const index = plain.indexOf(name)
    const broken = index < 0 ? null : columns[index].dateBreak
    if (!broken || columns[index].texts === 0) continue
    throw new LoamError(
      'bad_table',
      `${path}, line ${broken.line}, column "${headings[index]}": "${broken.text}" cannot be read as a date like the rows above it (${columns[index].examples[0]}). ` +
        'Needed is one form of date in the whole column, such as 2018-07-04 or 2018-07-04 13:00; mend the file, or name another column of dates.',
      { file: path, line: broken.line, column: headings[index], found: broken.text },
    )
  }
  throw new LoamError(
    'unsupported_format',
    `${path} is not a station file: no column holds dates. Its columns are ${quoted(headings)}. Name the column of dates if one of these is.`,
    { file: path },
  )
}

/** The one form of date that reads the whole column.
 *  @throws bad_table: none does, or day and month cannot be told apart */
export function decideDateFormat(
  survey: TableSurvey,
  date: number[],
  order: 'dayFirst' | 'monthFirst' | undefined,
): DateFormatName {
  const first = survey.columns[date[0]]
  const headings = date.map((i) => survey.columns[i].heading)
  if (date.length > 1 && first.dateFormats.length === 0) return date.length === 3 ? 'iso' : 'dayOfYear'
  const formats = first.dateFormats
  if (formats.length === 0)
    throw new LoamError(
      'bad_table',
      `${survey.path}, line ${first.dateBreak?.line ?? 2}, column ${quoted(headings)}: "${first.dateBreak?.text ?? ''}" is not a date Loam reads. Needed is a form such as 2018-07-04, 04/07/2018 or 04-Jul-18 13:00.`,
      { file: survey.path, line: first.dateBreak?.line, column: first.heading },
    )
  if (!formats.includes('dayFirst') || !formats.includes('monthFirst')) return formats[0]
  if (order) return order
  // Dates with dots are written day first wherever they are in use.
  if (first.examples.every((text) => /^\d{1,2}\./.test(text))) return 'dayFirst'
  throw new LoamError(
    'bad_table',
    `${survey.path}, column "${first.heading}": ${first.examples.join(', ')} can be day/month/year or month/day/year, and no row has a number above 12 to tell. ` +
      'Say which with dateOrder: dayFirst or monthFirst.',
    { file: survey.path, column: first.heading, question: 'dateOrder' },
  )
}
