import type { Measure, MeasureName, ScoreRow, Scores } from '../../contract/index.ts'
import { isSmall, smallCount } from './score-table.ts'

export interface FormatOptions {
  /** Also a line for each station and month; default only the overall scores. */
  readonly parts?: boolean
}

/** Printed name of each measure; those in the unit of the target get their decimals from the size of the RMSE. */
const lines: readonly { readonly name: MeasureName; readonly title: string; readonly inUnit?: true }[] = [
  { name: 'pearsonR', title: 'R' },
  { name: 'rmse', title: 'RMSE', inUnit: true },
  { name: 'bias', title: 'bias', inUnit: true },
  { name: 'ubrmse', title: 'ubRMSE', inUnit: true },
  { name: 'mae', title: 'MAE', inUnit: true },
  { name: 'slope', title: 'slope' },
  { name: 'rSquared', title: 'r²' },
  { name: 'nse', title: 'R² (NSE)' },
  { name: 'kge', title: 'KGE' },
]

/** Subjects in the order they are shown: the hardest split first, the optimistic one last; then what the map has to beat. */
const subjectOrder = ['place and time folds', 'place folds', 'time folds', 'random folds', 'fine map', 'coarse product']
const coarse = 'coarse product'

/** Score rows as text in columns of fixed width: one table per validation, its subjects side by side, each measure with
 *  its interval in brackets. The coarse product has a column even when it was not scored, so that its lack is seen. */
export function formatScores(rows: readonly ScoreRow[], options: FormatOptions = {}): string {
  const validations = [...new Set(rows.map((row) => row.validation))]
  const tables = validations.map((validation) => {
    const own = rows.filter((row) => row.validation === validation)
    const overall = own.filter((row) => row.part === 'overall').sort(bySubject)
    const parts = options.parts ? own.filter((row) => row.part !== 'overall') : []
    return [title(own[0]), ...overallTable(overall), ...optimism(overall), ...partTable(parts)].join('\n')
  })
  if (tables.length === 0) return 'There are no scores.'
  return `${tables.join('\n\n')}\n\n${notes(rows, options).join('\n')}`
}

function bySubject(a: ScoreRow, b: ScoreRow): number {
  const rank = (subject: string) =>
    subjectOrder.includes(subject) ? subjectOrder.indexOf(subject) : subjectOrder.length
  return rank(spaced(a.subject)) - rank(spaced(b.subject))
}

/** `place_and_time folds` and `place and time folds` are one subject. */
function spaced(subject: string): string {
  return subject.replaceAll('_', ' ')
}

function title(row: ScoreRow): string {
  const isCrossValidation = row.validation === 'crossValidation'
  if (row.measured) return isCrossValidation ? 'Accuracy by cross-validation' : `Accuracy against ${row.validation}`
  const reference = isCrossValidation ? 'the target, by cross-validation' : row.validation
  return `Consistency with ${reference} (the reference is itself modelled)`
}

function overallTable(rows: readonly ScoreRow[]): string[] {
  if (rows.length === 0) return []
  const decimals = unitDecimals(rows)
  const hasCoarse = rows.some((row) => row.subject.startsWith(coarse))
  const columns = rows.map((row) => [
    spaced(row.subject),
    `${row.scores.n}${isSmall(row) ? '*' : ''} (${row.scores.groups})`,
    ...lines.map(({ name, inUnit }) => measureText(row.scores.measures[name], inUnit ? decimals : 3)),
    pText(row.scores),
  ])
  if (!hasCoarse) columns.push([coarse, 'not given', ...lines.map(() => '–'), '–'])
  return alignColumns([['', 'n (groups)', ...lines.map((line) => line.title), 'p of R = 0'], ...columns])
}

/** Tells how much better random folds look than the hardest ones. */
function optimism(rows: readonly ScoreRow[]): string[] {
  const random = rows.find((row) => row.subject === 'random folds')
  const hardest = rows.find((row) => row !== random && row.subject.endsWith('folds'))
  if (!random || !hardest) return []
  const gap = (name: MeasureName) => random.scores.measures[name].value - hardest.scores.measures[name].value
  const facts = `RMSE ${signed(gap('rmse'), unitDecimals(rows))}, R ${signed(gap('pearsonR'), 3)}`
  return [`Optimism of random folds against ${spaced(hardest.subject)}: ${facts}`]
}

function partTable(rows: readonly ScoreRow[]): string[] {
  if (rows.length === 0) return []
  const decimals = unitDecimals(rows)
  const shown = lines.filter(({ name }) => name !== 'rSquared')
  const columns = [
    ['part', ...rows.map((row) => row.part)],
    ['subject', ...rows.map((row) => spaced(row.subject))],
    ['n', ...rows.map((row) => `${row.scores.n}${isSmall(row) ? '*' : ''}`)],
    ...shown.map(({ name, title, inUnit }) => [
      title,
      // Without intervals, which would not fit a line; CSV and JSON have them.
      ...rows.map((row) => numberText(row.scores.measures[name].value, inUnit ? decimals : 3)),
    ]),
  ]
  return ['', ...alignColumns(columns)]
}

function notes(rows: readonly ScoreRow[], options: FormatOptions): string[] {
  const hasSmall = rows.some((row) => isSmall(row) && (options.parts || row.part === 'overall'))
  return [
    'bias = mean(predicted − observed), positive is too wet. [low, high]: 95 % interval, whole groups drawn again; none below 3 groups.',
    'p takes pairs as independent; days at one place are not, so trust the interval of R instead.',
    ...(hasSmall ? [`* fewer than ${smallCount} pairs: too few to judge by.`] : []),
  ]
}

/** Enough decimals to show three digits of the RMSE, and the same for the whole table. */
function unitDecimals(rows: readonly ScoreRow[]): number {
  const largest = Math.max(0, ...rows.map((row) => row.scores.measures.rmse.value).filter(Number.isFinite))
  return largest === 0 ? 3 : Math.min(8, Math.max(0, 3 - Math.ceil(Math.log10(largest))))
}

function measureText({ value, low, high }: Measure, decimals: number): string {
  const text = numberText(value, decimals)
  return low === null || high === null ? text : `${text} [${numberText(low, decimals)}, ${numberText(high, decimals)}]`
}

/** A score that was stored as JSON has null where it was NaN. */
function numberText(value: number | null, decimals: number): string {
  return value === null || Number.isNaN(value) ? '–' : value.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1')
}

function signed(value: number, decimals: number): string {
  return value > 0 ? `+${numberText(value, decimals)}` : numberText(value, decimals)
}

function pText({ pValue }: Scores): string {
  if (pValue === null) return '–'
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)
}

/** Lines of columns, each as wide as its longest text, two spaces apart. */
function alignColumns(columns: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column) => Math.max(...column.map((text) => text.length)))
  return columns[0].map((_, line) =>
    columns
      .map((column, c) => column[line].padEnd(widths[c]))
      .join('  ')
      .trimEnd(),
  )
}
