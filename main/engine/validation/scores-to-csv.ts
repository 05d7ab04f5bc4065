import { measureNames } from '../../contract/index.ts'
import type { ScoreRow } from '../../contract/index.ts'
import { isSmall } from './score-table.ts'

/** Score rows as CSV (RFC 4180, comma, decimal point, CRLF), all digits kept, empty where there is no value.
 *  Columns: validation, subject, part, measured, n, few_pairs, groups, p_value, then value, low and high of each measure. */
export function scoresToCsv(rows: readonly ScoreRow[]): string {
  const head = ['validation', 'subject', 'part', 'measured', 'n', 'few_pairs', 'groups', 'p_value']
  for (const name of measureNames) head.push(name, `${name}_low`, `${name}_high`)
  const body = rows.map((row) => {
    const { n, groups, pValue, measures } = row.scores
    const cells = [textCell(row.validation), textCell(row.subject), textCell(row.part), String(row.measured)]
    cells.push(String(n), String(isSmall(row)), String(groups), numberCell(pValue))
    for (const name of measureNames)
      cells.push(numberCell(measures[name].value), numberCell(measures[name].low), numberCell(measures[name].high))
    return cells
  })
  return [head, ...body].map((cells) => `${cells.join(',')}\r\n`).join('')
}

function numberCell(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '' : String(value)
}

/** A text a spreadsheet would run as a formula (it begins with = + - @, tab or return) gets an apostrophe in front. */
function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
