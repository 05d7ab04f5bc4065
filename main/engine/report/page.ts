import { soughtWords, trialColumns } from '../../contract/index.ts'
import type {
  MeasureName,
  Recipe,
  ReportSection,
  RunTuning,
  ScoreRow,
  TestPartState,
  Trial,
} from '../../contract/index.ts'
import type { RunResults } from '../runs/index.ts'
import { isSmall } from '../validation/index.ts'
import { escapeText, numberText } from './svg.ts'

export interface ReportFigure {
  readonly title: string
  /** HTML of the drawing. */
  readonly body: string
  readonly caption: string
}

export interface ReportContent {
  readonly title: string
  readonly run: string
  readonly madeAt: string
  readonly period: string
  readonly unit: string
  readonly recipe: Recipe
  readonly results: RunResults
  readonly test: TestPartState | null
  readonly sections: readonly ReportSection[]
  readonly introduction: string
  readonly maps: readonly ReportFigure[]
  /** Chosen by the user. */
  readonly pinned: readonly ReportFigure[]
  readonly figures: readonly ReportFigure[]
  /** Label and value. */
  readonly identity: readonly (readonly [string, string])[]
  readonly inputs: readonly {
    readonly name: string
    readonly files: readonly { path: string; bytes: number; sha256: string }[]
  }[]
}

/** One HTML file that needs nothing else: no script, no font, no picture from outside. */
export function reportPage(content: ReportContent): string {
  const { title, run, madeAt, period, unit, recipe, results, maps, figures, pinned, identity, inputs } = content
  const sections: Record<ReportSection, () => string> = {
    verdict: () => section('Did it help?', list(results.verdicts)),
    maps: () => section('Maps', maps.map(figureHtml).join('')),
    scores: () => section('Scores', scoreTables(results.scores, unit) + testPart(content.test, unit)),
    figures: () => section('Figures', figureRow(figures)),
    pinned: () => section('Pinned', figureRow(pinned)),
    careful: () => section('Be careful', list([...results.warnings, ...results.leakage])),
    methods: () =>
      section(
        'Methods',
        `<p>${escapeText(results.lineage)}</p>${excluded(results.excluded, results.rows)}${results.tuning ? tuningHtml(results.tuning, unit) : ''}`,
      ),
    settings: () => section('Settings', settingsTable(recipe)),
    inputs: () => section('What it was computed from', facts(identity) + inputTables(inputs)),
    outputs: () => section('What it made', fileTable(results.files)),
  }
  const introduction = content.introduction
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${escapeText(paragraph)}</p>`)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(title)} · ${run}</title><style>${style}</style></head><body>`,
    `<header><h1>${escapeText(title)}</h1><p>Run ${run}, ${escapeText(period)}, made ${madeAt} UTC with Loam</p></header>`,
    ...introduction,
    ...content.sections.map((name) => sections[name]()),
    '</body></html>\n',
  ].join('\n')
}

function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${escapeText(title)}</h2>${body}</section>`
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escapeText(line)}</li>`).join('')}</ul>`
}

function figureRow(figures: readonly ReportFigure[]): string {
  return figures.length === 0 ? '' : `<div class="figures">${figures.map(figureHtml).join('')}</div>`
}

function figureHtml({ title, body, caption }: ReportFigure): string {
  return `<figure><h3>${escapeText(title)}</h3>${body}<figcaption>${escapeText(caption)}</figcaption></figure>`
}

const measures: readonly { readonly name: MeasureName; readonly title: string; readonly inUnit: boolean }[] = [
  { name: 'bias', title: 'bias', inUnit: true },
  { name: 'rmse', title: 'RMSE', inUnit: true },
  { name: 'ubrmse', title: 'ubRMSE', inUnit: true },
  { name: 'mae', title: 'MAE', inUnit: true },
  { name: 'pearsonR', title: 'R', inUnit: false },
  { name: 'nse', title: 'NSE', inUnit: false },
  { name: 'kge', title: 'KGE', inUnit: false },
]

/** The sealed test part: that it is sealed, or when, by whom and why it was opened, and what was found. */
function testPart(test: TestPartState | null, unit: string): string {
  if (!test) return ''
  const { words, opened, others, scores } = test
  const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')
  const told = opened
    ? `<p>Opened ${day(opened.atMs)} UTC by ${escapeText(opened.who)}. Reason: ${escapeText(opened.reason)}</p>${list(opened.verdicts)}${scoreTable(scores, unit, true)}`
    : '<p>Sealed: no fold, tuning, preview or score has used it.</p>'
  const before = others.map(
    ({ run, atMs, who, reason }) =>
      `The same test part was opened ${day(atMs)} UTC by ${who} for run ${run}: ${reason}`,
  )
  return `<h3>Test part: ${escapeText(words)}</h3>${told}${list(before)}`
}

function scoreTables(rows: readonly ScoreRow[], unit: string): string {
  const names = [...new Set(rows.map(({ validation }) => validation))]
  const tables = names.map((name) => {
    const own = rows.filter(({ validation }) => validation === name)
    const parts = own.filter(({ part }) => part.startsWith('station:'))
    const words = own[0].measured ? 'Accuracy' : 'Consistency (the reference is itself modelled)'
    const title = name === 'crossValidation' ? 'Cross-validation, rows held out' : `${words} against ${name}`
    return (
      `<h3>${escapeText(title)}</h3>${scoreTable(
        own.filter(({ part }) => part === 'overall' || part.startsWith('applicability:')),
        unit,
        false,
      )}` +
      (parts.length > 0
        ? `<details><summary>By station (${new Set(parts.map(({ part }) => part)).size})</summary>${scoreTable(parts, unit, true)}</details>`
        : '')
    )
  })
  if (tables.length === 0) return ''
  return `${tables.join('')}<p class="note">[low, high]: 95 % interval, whole stations or blocks drawn again. bias = mean(predicted − observed), positive is too wet. ubRMSE² = RMSE² − bias². NSE = 1 − SSE/SST.</p>`
}

function scoreTable(rows: readonly ScoreRow[], unit: string, withPart: boolean): string {
  const head = measures.map(
    ({ title, inUnit }) => `<th>${title}${inUnit ? ` <small>${escapeText(unit)}</small>` : ''}</th>`,
  )
  const body = rows.map((row) => {
    const { subject, part, scores } = row
    const cells = isSmall(row)
      ? `<td colspan="${measures.length}">fewer than 20 pairs: too few to judge by</td>`
      : measures
          .map(({ name }) => {
            const { value, low, high } = scores.measures[name]
            const interval =
              low === null || high === null ? '' : ` <small>[${numberText(low)}, ${numberText(high)}]</small>`
            return `<td>${numberText(value)}${interval}</td>`
          })
          .join('')
    const where = part.startsWith('applicability:') ? `, ${part.slice(14)} the area of applicability` : ''
    const named = withPart
      ? `${part === 'test' ? row.validation.replace('crossValidation', 'rows held out') : part.replace('station:', '')}: ${subject}`
      : `${subject}${where}`
    return `<tr><th scope="row">${escapeText(named.replaceAll('_', ' '))}</th><td>${scores.n} (${scores.groups})</td>${cells}</tr>`
  })
  return `<div class="wide"><table><thead><tr><th></th><th>n (groups)</th>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

function excluded(counts: Readonly<Record<string, number>>, rows: number): string {
  const left = Object.entries(counts).map(([reason, count]) => `${reason}: ${count}`)
  return `<p>${rows} rows were used for training.${left.length > 0 ? ` Candidate rows left out: ${escapeText(left.join(', '))}.` : ''}</p>`
}

/** How the settings were sought: what was found, and every trial. */
function tuningHtml({ sentences, trials, chosen }: RunTuning, unit: string): string {
  const names = trialColumns(trials)
  const isChosen = (trial: Trial): boolean => Object.entries(chosen).every(([name, value]) => trial[name] === value)
  const head = names.map((name) => `<th>${escapeText(soughtWords(name))}</th>`).join('')
  const rows = trials.map(
    (trial, i) =>
      `<tr><th scope="row">${i + 1}${isChosen(trial) ? ', chosen' : ''}</th>${names.map((name) => `<td>${numberText(trial[name])}</td>`).join('')}<td>${numberText(trial.rmse)}</td><td>${numberText(trial.standardError)}</td></tr>`,
  )
  return `<h3>Tuning</h3><p>${escapeText(sentences.join(' '))}</p><details><summary>${trials.length} trials</summary><div class="wide"><table><thead><tr><th>trial</th>${head}<th>RMSE <small>${escapeText(unit)}</small></th><th>± over folds</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`
}

/** Every setting of the recipe by its path. */
function settingsTable(recipe: Recipe): string {
  const rows: string[] = []
  const walk = (path: string, value: unknown): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) walk(path ? `${path}.${key}` : key, inner)
    else rows.push(`<tr><th scope="row">${escapeText(path)}</th><td>${escapeText(JSON.stringify(value))}</td></tr>`)
  }
  walk('', recipe)
  return `<div class="wide"><table class="left">${rows.join('')}</table></div>`
}

function facts(pairs: readonly (readonly [string, string])[]): string {
  return `<table class="left">${pairs.map(([label, value]) => `<tr><th scope="row">${escapeText(label)}</th><td class="hash">${escapeText(value)}</td></tr>`).join('')}</table>`
}

function inputTables(inputs: ReportContent['inputs']): string {
  return inputs
    .map(
      ({ name, files }) =>
        `<details><summary>${escapeText(name)}: ${files.length} ${files.length === 1 ? 'file' : 'files'}</summary><table class="left">${files
          .map(
            ({ path, bytes, sha256 }) =>
              `<tr><td>${escapeText(path)}</td><td>${bytes} B</td><td class="hash">${sha256}</td></tr>`,
          )
          .join('')}</table></details>`,
    )
    .join('')
}

function fileTable(files: RunResults['files']): string {
  const rows = files.map(
    ({ kind, path, bytes, sha256 }) =>
      `<tr><td>${kind}</td><td>${escapeText(path.replace(/^.*[\\/]/, ''))}</td><td>${bytes} B</td><td class="hash">${sha256}</td></tr>`,
  )
  return `<details><summary>${files.length} files with their SHA-256</summary><table class="left">${rows.join('')}</table></details>`
}

const style = `
body{font:14px/1.5 Inter,system-ui,sans-serif;color:#1f1d1a;background:#fff;max-width:1080px;margin:32px auto;padding:0 24px;font-variant-numeric:tabular-nums}
h1{font-size:26px;line-height:1.25;margin:0}h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid #dcd8d0;padding-bottom:4px}h3{font-size:14px;margin:16px 0 4px}
header p,.note,figcaption,small{color:#5a564e}figcaption,.note{font-size:12px;max-width:720px}figure{margin:0 0 16px;break-inside:avoid}
.figures{display:flex;flex-wrap:wrap;gap:8px 24px}.maps{display:flex;flex-wrap:wrap;gap:16px}.maps div{max-width:340px}.maps img{width:100%;image-rendering:pixelated;border:1px solid #dcd8d0}
table{border-collapse:collapse;font-size:12px}th,td{border-bottom:1px solid #dcd8d0;padding:3px 8px;text-align:right;white-space:nowrap;font-weight:400}
th[scope=row]{text-align:left;font-weight:600}.left td,.left th{text-align:left;white-space:normal;overflow-wrap:anywhere}.hash{font-family:ui-monospace,monospace;font-size:11px}
.wide{overflow-x:auto}svg,.pinned{max-width:100%;height:auto}.bar{border:1px solid #1f1d1a;border-top:0;height:5px;margin-top:6px}
@media print{body{margin:0;max-width:none}details{display:block}section{break-inside:auto}.wide{overflow:visible}}
`
