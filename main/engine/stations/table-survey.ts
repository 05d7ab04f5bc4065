import { LoamError } from '../../contract/index.ts'
import { fittingFormats, readStamp } from './date-formats.ts'
import type { DateFormatName } from './date-formats.ts'
import { isMissingText } from './table-numbers.ts'
import { eachRow, notATable, sniffDialect } from './table-rows.ts'
import type { TableDialect } from './table-rows.ts'

interface Cell {
  readonly line: number
  readonly text: string
}

/** What the cells of one column look like, over the whole file. */
export interface ColumnSurvey {
  readonly heading: string
  filled: number
  missing: number
  /** First cells that are a number with a decimal point, with a decimal comma, and no number at all. */
  firstPoint: Cell | null
  firstComma: Cell | null
  firstText: Cell | null
  /** Cells that are no number. */
  texts: number
  /** Forms of date that read every cell so far; empty when it is no column of dates. */
  dateFormats: DateFormatName[]
  /** The cell that ended the hope of a column of dates. */
  dateBreak: Cell | null
  /** A few cells, to show. */
  examples: string[]
}

/** A table after one reading of all of it: no guess rests on its first lines only. */
export interface TableSurvey {
  readonly path: string
  readonly dialect: TableDialect
  readonly columns: ColumnSurvey[]
  readonly rows: number
  readonly decimalMark: '.' | ','
}

export interface SurveyOptions {
  dialect?: Partial<TableDialect>
  decimalMark?: '.' | ','
  /** Further texts that mean "no value". */
  missing?: readonly string[]
}

const pointNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const commaNumber = /^[+-]?(?:\d+,\d*|,\d+)(?:e[+-]?\d+)?$/i

/** Reads a table once and notes what is in its columns.
 *  @throws unsupported_format: not a table; bad_table: rows of different length, both decimal marks */
export async function surveyTable(path: string, options: SurveyOptions = {}): Promise<TableSurvey> {
  const dialect = await sniffDialect(path, options.dialect)
  try {
    return await surveyAs(path, dialect, options)
  } catch (fault) {
    // The first quarter megabyte was plain ASCII and an accent came later: then it is not UTF-8 but the older coding.
    if (!(fault instanceof LoamError) || fault.details.encoding !== 'utf-8' || options.dialect?.encoding) throw fault
    return surveyAs(path, { ...dialect, encoding: 'windows-1252' }, options)
  }
}

async function surveyAs(path: string, dialect: TableDialect, options: SurveyOptions): Promise<TableSurvey> {
  const missing = new Set(options.missing ?? [])
  let columns: ColumnSurvey[] = []
  let rows = 0
  await eachRow(path, dialect, (cells, line) => {
    if (columns.length === 0) {
      columns = cells.map(emptySurvey)
      if (cells.every((cell) => cell === '' || pointNumber.test(cell) || fittingFormats([cell]).length > 0))
        throw notATable(path, `its first line (${cells.slice(0, 4).join(', ')} …) holds values, not column headings`)
      return
    }
    checkLength(path, cells, columns, line)
    rows++
    for (let c = 0; c < columns.length; c++) look(columns[c], cells[c] ?? '', line, missing)
  })
  if (rows === 0) throw notATable(path, 'it has headings and no rows')
  return { path, dialect, columns, rows, decimalMark: options.decimalMark ?? decimalMarkOf(path, columns) }
}

function emptySurvey(heading: string): ColumnSurvey {
  return {
    heading,
    filled: 0,
    missing: 0,
    firstPoint: null,
    firstComma: null,
    firstText: null,
    texts: 0,
    dateFormats: [],
    dateBreak: null,
    examples: [],
  }
}

/** A row may end in empty cells beyond the headings (spreadsheets leave them); anything else is a fault. */
function checkLength(path: string, cells: string[], columns: ColumnSurvey[], line: number): void {
  if (cells.length === columns.length) return
  if (cells.length > columns.length && cells.slice(columns.length).every((cell) => cell === '')) return
  throw new LoamError(
    'bad_table',
    `${path}, line ${line}: ${cells.length} cells found, the heading has ${columns.length} columns. ` +
      'Mend that line; a value that holds the separator needs quotes around it.',
    { file: path, line, found: cells.length, needed: columns.length },
  )
}

function look(column: ColumnSurvey, text: string, line: number, missing: Set<string>): void {
  if (missing.has(text) || isMissingText(text)) {
    column.missing++
    return
  }
  if (column.filled === 0) column.dateFormats = fittingFormats([text])
  else if (column.dateFormats.length > 0)
    column.dateFormats = column.dateFormats.filter((format) => readStamp(text, format) !== null)
  if (column.dateFormats.length === 0) column.dateBreak ??= { line, text }
  column.filled++
  if (column.examples.length < 3 && !column.examples.includes(text)) column.examples.push(text)
  if (pointNumber.test(text)) {
    if (column.firstPoint === null && text.includes('.')) column.firstPoint = { line, text }
  } else if (commaNumber.test(text)) column.firstComma ??= { line, text }
  else {
    column.texts++
    column.firstText ??= { line, text }
  }
}

function decimalMarkOf(path: string, columns: ColumnSurvey[]): '.' | ',' {
  const numeric = columns.filter((column) => column.texts === 0)
  const comma = numeric.find((column) => column.firstComma !== null)
  if (!comma) return '.'
  const point = numeric.find((column) => column.firstPoint !== null && column.dateFormats.length === 0)
  if (!point) return ','
  throw new LoamError(
    'bad_table',
    `${path} has decimal commas ("${comma.heading}", line ${comma.firstComma!.line}: ${comma.firstComma!.text}) and decimal points ` +
      `("${point.heading}", line ${point.firstPoint!.line}: ${point.firstPoint!.text}). Loam needs one; say which with \`decimalMark\`, or mend the file.`,
    { file: path, line: comma.firstComma!.line, column: comma.heading },
  )
}
