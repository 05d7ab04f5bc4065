import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoamError, isDay } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { dateRules, datesIn } from './date-rules.ts'

/** Dates of bands or files from a small table with a column `date`, and `band` (1-based) or `file` where the order of the
 *  rows is not that of the bands.
 *  @returns the date of a band; null when the table has none for it
 *  @throws bad_table with the line that cannot be read; not_found */
export async function readDatesFile(path: string): Promise<(file: string, band: number) => Day | null> {
  const text = await readFile(path, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'ENOENT') throw fault
    throw new LoamError('not_found', `${path} does not exist. It was named as the table of dates; check the path.`, {
      file: path,
    })
  })
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const separator = [';', '\t', ','].find((each) => lines[0]?.includes(each)) ?? ','
  const cells = (line: string): string[] => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const header = cells(lines[0] ?? '').map((cell) => cell.toLowerCase())
  const at = { date: header.indexOf('date'), band: header.indexOf('band'), file: header.indexOf('file') }
  if (at.date < 0)
    throw new LoamError(
      'bad_table',
      `${basename(path)} has the columns ${header.join(', ')}; it needs one named "date", and "band" or "file" where the ` +
        `rows are not in the order of the bands.`,
      { file: path },
    )
  const days = new Map<string, Day>()
  lines.slice(1).forEach((line, i) => {
    const row = cells(line)
    const day = dayOf(row[at.date] ?? '')
    if (!day)
      throw new LoamError(
        'bad_table',
        `${basename(path)}, line ${i + 2}: "${row[at.date] ?? ''}" is no date. Write dates as YYYY-MM-DD.`,
        { file: path, line: i + 2 },
      )
    const file = at.file >= 0 ? basename(row[at.file]) : ''
    const band = at.band >= 0 ? Number(row[at.band]) : at.file >= 0 ? 0 : i + 1
    days.set(`${file}\n${band}`, day)
  })
  return (file, band) => {
    const name = at.file >= 0 ? basename(file) : ''
    return days.get(`${name}\n${band}`) ?? days.get(`${name}\n0`) ?? null
  }
}

function dayOf(text: string): Day | null {
  if (isDay(text)) return text
  for (const rule of dateRules) if (rule.precision === 'day') for (const { day } of datesIn(text, rule)) return day
  return null
}
