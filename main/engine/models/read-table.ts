import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse'
import { asLoamError, LoamError } from '../../contract/index.ts'

/** A CSV table read row by row: heading first, then the cells of each row, as texts without the blanks around them. */
export interface TableReader {
  readonly columns: string[]
  readonly separator: string
  /** `line` is the line of the file a row ends on. */
  readonly rows: AsyncIterable<{ cells: string[]; line: number }>
}

const separators = [',', ';', '\t', '|']
const missing = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'NAN', 'null', 'NULL', 'None', '-'])

/** Opens a table. The separator is that of , ; tab | which parts the heading into most columns.
 *  @throws not_found, bad_table (no heading, a column named twice, an unclosed quote, rows of another length), cancelled */
export async function openTable(path: string, signal?: AbortSignal): Promise<TableReader> {
  const separator = await findSeparator(path)
  const parser = createReadStream(path, { signal }).pipe(
    parse({
      delimiter: separator,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: 1 << 20,
    }),
  )
  const records = (parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)[Symbol.asyncIterator]()
  const failed = (thrown: unknown): LoamError => {
    if (signal?.aborted) return new LoamError('cancelled', 'Stopped on request.')
    if (!(thrown instanceof CsvError)) return asLoamError(thrown)
    const line = Number((thrown as CsvError & { lines?: number }).lines ?? 0)
    return new LoamError('bad_table', `${path}, line ${line}: ${thrown.message}. Mend that line of the table.`, {
      file: path,
      line,
    })
  }
  const next = async (): Promise<{ cells: string[]; line: number } | null> => {
    try {
      const step = await records.next()
      return step.done ? null : { cells: step.value.record, line: step.value.info.lines }
    } catch (thrown) {
      throw failed(thrown)
    }
  }
  const heading = await next()
  if (!heading)
    throw new LoamError('bad_table', `${path} is empty. A table needs a line of column names and rows below it.`, {
      file: path,
    })
  const columns = heading.cells
  const twice = columns.find((name, i) => columns.indexOf(name) !== i)
  if (twice !== undefined)
    throw new LoamError(
      'bad_table',
      `${path} has two columns named "${twice}". Column names must differ; rename one.`,
      { file: path, column: twice },
    )
  async function* rows(): AsyncGenerator<{ cells: string[]; line: number }> {
    for (let row = await next(); row; row = await next()) yield row
  }
  return { columns, separator, rows: rows() }
}

/** Where the wanted columns stand.
 *  @throws missing_predictor naming the missing and the present columns */
export function findColumns(table: TableReader, path: string, wanted: readonly string[]): number[] {
  const absent = wanted.filter((name) => !table.columns.includes(name))
  if (absent.length > 0)
    throw new LoamError(
      'missing_predictor',
      `${path} has no column ${absent.map((name) => `"${name}"`).join(', ')}. It has: ${table.columns.join(', ')}. Rename its columns or choose among them.`,
      { file: path, missing: absent, present: table.columns },
    )
  return wanted.map((name) => table.columns.indexOf(name))
}

/** The number in a cell; NaN for an empty cell and the usual words for "no value". A decimal comma is understood where the comma
 *  does not separate columns.
 *  @throws bad_table naming file, line and column when the cell holds something else */
export function cellNumber(cell: string, table: TableReader, path: string, line: number, column: number): number {
  if (missing.has(cell)) return Number.NaN
  const value = Number(table.separator === ',' ? cell : cell.replace(',', '.'))
  if (Number.isFinite(value)) return value
  throw new LoamError(
    'bad_table',
    `${path}, line ${line}, column "${table.columns[column]}": "${cell.slice(0, 40)}" is not a number. Mend the cell, empty it, or leave the column out.`,
    { file: path, line, column: table.columns[column] },
  )
}

async function findSeparator(path: string): Promise<string> {
  let heading: string
  try {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65536), 0, 65536, 0)
      heading =
        buffer
          .toString('utf8', 0, bytesRead)
          .split(/\r?\n/)
          .find((line) => line.trim() !== '') ?? ''
    } finally {
      await file.close()
    }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR')
      throw new LoamError('not_found', `There is no table ${path}. Check the name.`, { file: path })
    throw asLoamError(thrown)
  }
  if (heading.includes('\0'))
    throw new LoamError('bad_table', `${path} is not a text table. Save it as CSV (UTF-8) first.`, { file: path })
  const unquoted = heading.replace(/"[^"]*"/g, '')
  const counts = separators.map((separator) => unquoted.split(separator).length)
  return separators[counts.indexOf(Math.max(...counts))]
}
