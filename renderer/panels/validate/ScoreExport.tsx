import type { MeasureName, ScoreRow } from '../../../main/contract/index.ts'
import { say, sayFault } from '../../state/notices.ts'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { download } from '../../widgets/figures/save-figure.ts'
import { formatUnit } from '../../widgets/format.ts'
import { csvOf, latexOf } from '../../widgets/table-text.ts'
import type { TextTable } from '../../widgets/table-text.ts'
import { fewPairs, measureText, measureTexts, shownMeasures } from './measures.ts'

interface ScoreExportProps {
  readonly rows: readonly ScoreRow[]
  readonly unit: string
  readonly run: string
}

/** The run's own scores as a table for a paper or a spreadsheet. */
export function ScoreExport({ rows, unit, run }: ScoreExportProps) {
  const copy = (text: string, what: string) =>
    navigator.clipboard.writeText(text).then(() => say('good', `Copied the scores as ${what}.`), sayFault)
  const latex = () => scoresLatex(rows, unit, run)
  const csv = () => csvOf(scoreNumbers(rows))
  const save = (text: string, type: string, ending: string) =>
    download(new Blob([text], { type }), `scores-${run}.${ending}`)
  return (
    <div className="validate-chips">
      <h2>Scores</h2>
      <MenuButton
        label="Export the scores"
        icon="download"
        rows={[
          { id: 'copy-csv', title: 'Copy as CSV, every part', run: () => void copy(csv(), 'CSV') },
          { id: 'copy-latex', title: 'Copy as LaTeX', run: () => void copy(latex(), 'LaTeX') },
          {
            id: 'save-csv',
            title: 'Save as CSV, every part',
            startsGroup: true,
            run: () => save(csv(), 'text/csv', 'csv'),
          },
          { id: 'save-latex', title: 'Save as LaTeX', run: () => save(latex(), 'application/x-tex', 'tex') },
        ]}
      />
    </div>
  )
}

/** One row a subject and part, value and interval in columns of their own, every digit. */
function scoreNumbers(rows: readonly ScoreRow[]): TextTable {
  const names = measureTexts.map(({ name }) => name)
  return {
    head: [
      'against',
      'subject',
      'part',
      'measured',
      'n',
      'groups',
      ...names.flatMap((name) => [name, `${name}_low`, `${name}_high`]),
    ],
    rows: rows.map(({ validation, subject, part, measured, scores }) => [
      validation,
      subject,
      part,
      measured ? 'yes' : 'no',
      scores.n,
      scores.groups,
      ...names.flatMap((name) => {
        const { value, low, high } = scores.measures[name]
        return [Number.isFinite(value) ? value : null, low, high]
      }),
    ]),
  }
}

/** A table a reference, the overall rows, with definitions and signs in the caption. */
export function scoresLatex(rows: readonly ScoreRow[], unit: string, run: string): string {
  const against = [...new Set(rows.map(({ validation }) => validation))]
  return against
    .map((name) => {
      const own = rows.filter(({ validation, part }) => validation === name && part === 'overall')
      const isMeasured = own.every(({ measured }) => measured)
      const table = {
        head: ['', 'n', ...shownMeasures.map(({ title }) => title)],
        rows: own.map(({ subject, scores }) => [
          subject.replaceAll('_', ' '),
          scores.n,
          ...shownMeasures.map(({ name: measure }) => cell(scores, measure)),
        ]),
      }
      const words = shownMeasures.map(({ title, definition }) => `${title}: ${definition}`).join(' ')
      const caption = `${isMeasured ? 'Scores' : 'Consistency'} of run ${run} against ${name === 'crossValidation' ? 'rows held out' : name}; bias, RMSE, ubRMSE and MAE in ${formatUnit(unit)}; [low, high]: 95 % interval, whole stations or blocks drawn again; p: predicted, o: observed. ${words}`
      return latexOf(table, { caption, label: `tab:scores-${run}-${name}` })
    })
    .join('\n')
}

const cell = (scores: ScoreRow['scores'], measure: MeasureName): string =>
  scores.n < fewPairs ? '–' : measureText(scores.measures[measure])
