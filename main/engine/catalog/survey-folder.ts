import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { asLoamError } from '../../contract/index.ts'
import type { ErrorCode } from '../../contract/index.ts'
import { describeFile } from './describe-file.ts'
import type { DescribeOptions } from './describe-file.ts'
import type { FileDescription } from './file-description.ts'

/** What Loam said of one file. */
export interface SurveyRow {
  /** Below the folder, with `/`. */
  readonly file: string
  readonly outcome: 'raster' | 'stations' | 'refused'
  /** Null unless refused. */
  readonly code: ErrorCode | null
  /** One line: what it is, or found, needed, do. */
  readonly said: string
  readonly seconds: number
}

/** Describes every file of a folder and of the folders in it, in the order of their names; hidden files and notes (.md)
 *  are passed over. A file that is refused is a row like any other. */
export async function surveyFolder(folder: string, options: DescribeOptions = {}): Promise<SurveyRow[]> {
  const root = resolve(folder)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort((a, b) => (a < b ? -1 : 1))
  const rows: SurveyRow[] = []
  for (const file of files) {
    const start = performance.now()
    const took = (): number => (performance.now() - start) / 1000
    try {
      const description = await describeFile(join(root, file), options)
      rows.push({ file, outcome: description.kind, code: null, said: inOneLine(description), seconds: took() })
    } catch (fault) {
      const { code, message } = asLoamError(fault)
      rows.push({ file, outcome: 'refused', code, said: message.replace(/\s+/g, ' '), seconds: took() })
    }
  }
  return rows
}

/** The rows as a text table, one line a file. */
export function formatSurvey(rows: readonly SurveyRow[]): string {
  const width = Math.max(4, ...rows.map(({ file }) => file.length))
  const lines = rows.map(
    ({ file, outcome, code, said }) => `${file.padEnd(width)}  ${(code ?? outcome).padEnd(18)}  ${said}`,
  )
  return [`${'file'.padEnd(width)}  ${'outcome'.padEnd(18)}  what Loam said`, ...lines].join('\n')
}

function inOneLine(description: FileDescription): string {
  if (description.kind === 'stations') {
    const { stations, observations, period, refusal } = description.stations
    if (refusal !== null) return refusal.replace(/\s+/g, ' ')
    const span = period ? `, ${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}` : ''
    return `${description.stations.format}: ${stations.length} stations, ${observations} observations${span}`
  }
  const { raster, understood, refusal } = description
  if (!understood) return `${raster.format}: ${refusal?.replace(/\s+/g, ' ')}`
  const { grid, variables, scenes, notes, doubts } = understood
  const days = [...new Set(scenes.flatMap(({ day }) => (day === null ? [] : [day])))].sort()
  const dates =
    days.length === 0
      ? 'static'
      : days.length === 1
        ? days[0]
        : `${days.length} dates ${days[0]} to ${days[days.length - 1]}`
  const names = variables
    .slice(0, 3)
    .map(({ name, unit }) => (unit === '' ? name : `${name} [${unit}]`))
    .join(', ')
  const crs = grid.crs.startsWith('EPSG:') ? grid.crs : 'CRS without code'
  const remarks = notes.length + doubts.length
  return (
    `${raster.format}, ${grid.rows} × ${grid.cols}, ${crs}, ${dates}; ${names}` +
    `${variables.length > 3 ? ` and ${variables.length - 3} more` : ''}${remarks > 0 ? `; ${remarks} remarks` : ''}`
  )
}
