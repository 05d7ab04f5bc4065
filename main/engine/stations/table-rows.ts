import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { LoamError } from '../../contract/index.ts'
import { fileText, firstBytes } from './text-source.ts'
import type { Encoding } from './text-source.ts'

/** How the characters of a table are to be read. */
export interface TableDialect {
  readonly separator: string
  readonly encoding: Encoding
}

/** Separators in the order of trust: a comma is also a decimal mark, so it comes last. */
export const separators = ['\t', ';', '|', ','] as const
export const separatorNames: Record<string, string> = { '\t': 'tab', ';': 'semicolon', '|': 'bar', ',': 'comma' }

const sniffBytes = 256 * 1024

/** Tells encoding and separator from the start of a file.
 *  @throws unsupported_format: binary, empty, or one column only */
export async function sniffDialect(path: string, given: Partial<TableDialect> = {}): Promise<TableDialect> {
  const bytes = await firstBytes(path, sniffBytes)
  const encoding = given.encoding ?? sniffEncoding(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  if (text.includes('\0')) throw notATable(path, 'it is not a text file')
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (bytes.length === sniffBytes && lines.length > 1) lines.pop()
  if (lines.length < 2) throw notATable(path, 'it has less than a heading and one row')
  const separator = given.separator ?? sniffSeparator(lines.slice(0, 200))
  if (separator === null)
    throw notATable(path, 'no comma, semicolon, tab or bar parts its lines into the same number of columns')
  return { separator, encoding }
}

function sniffEncoding(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  try {
    // The last character may be cut, which `stream` forgives.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** The first separator that parts the heading and nine tenths of the rows into equally many fields; failing that, the
 *  one that does so for most rows, if for half of them, so that the odd rows are named and not the whole file refused. */
function sniffSeparator(lines: string[]): string | null {
  let best: { separator: string | null; share: number } = { separator: null, share: 0.5 }
  for (const separator of separators) {
    const counts = lines.map((line) => countOutsideQuotes(line, separator))
    const share = counts.filter((count) => count === counts[0]).length / counts.length
    if (counts[0] === 0) continue
    if (share >= 0.9) return separator
    if (share > best.share) best = { separator, share }
  }
  return best.separator
}

function countOutsideQuotes(line: string, separator: string): number {
  let count = 0
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    else if (character === separator && !isQuoted) count++
  }
  return count
}

/** Calls `onRow` for the heading (first) and every row, comments and empty lines left out, cells trimmed. Streams.
 *  @param onRow gets the cells and the number of the line the row ends on
 *  @throws bad_table: a quote that is not closed, an endless line */
export async function eachRow(
  path: string,
  { separator, encoding }: TableDialect,
  onRow: (cells: string[], line: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const parser = parse({
    delimiter: separator,
    bom: true,
    comment: '#',
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    // Inches and arc seconds are written with the quote character inside a cell.
    relax_quotes: true,
    max_record_size: 1024 * 1024,
    on_record: (cells: string[], context) => {
      onRow(cells, context.lines)
      return null
    },
  })
  parser.resume()
  try {
    await pipeline(Readable.from(fileText(path, encoding)), parser, { signal })
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault
    const line = Number((fault as CsvError & { lines?: number }).lines ?? 0)
    throw new LoamError(
      'bad_table',
      `${path}, line ${line}: ${fault.message}. A table needs its quotes closed on the same row; mend that line.`,
      { file: path, line },
    )
  }
}

export function notATable(path: string, found: string): LoamError {
  return new LoamError(
    'unsupported_format',
    `${path} is not a table Loam can read: ${found}. Needed is a text file with one heading line and rows below, parted by commas, semicolons, tabs or bars.`,
    { file: path },
  )
}
