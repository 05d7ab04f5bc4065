import type { MeasureName, RunDetails, ScoreRow } from '../../../main/contract/index.ts'
import { useRunFindings } from '../../api/run-queries.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { formatCount, formatNumber } from '../../widgets/format.ts'
import { Scrolling } from './Scrolling.tsx'
import { Tuning } from './Tuning.tsx'
import { copyText } from './run-actions.ts'

const shown: readonly { name: MeasureName; title: string; hint: string }[] = [
  { name: 'pearsonR', title: 'R', hint: 'Pearson correlation' },
  { name: 'rmse', title: 'RMSE', hint: 'Root mean squared difference, units of the map' },
  { name: 'bias', title: 'Bias', hint: 'Mean of predicted − observed; positive is too wet' },
  { name: 'ubrmse', title: 'ubRMSE', hint: 'RMSE without the bias' },
]

/** What a finished run found: did it help, scores with intervals, methods sentence. */
export function Findings({ run }: { readonly run: RunDetails }) {
  const findings = useRunFindings(run)
  if (findings.error) return <ErrorStrip fault={findings.error} onRetry={() => void findings.refetch()} />
  if (findings.isLoading) return <LoadingRows label="Reading what the run found" />
  if (!findings.data) return null
  const { scores, verdicts, leakage, rows, lineage, coverage, tuning } = findings.data
  const overall = scores.filter(({ part }) => part === 'overall')
  return (
    <>
      <section className="run-section" aria-label="Scores">
        <div className="run-section-head">
          <h2>Scores</h2>
          <Button onPress={() => session().set({ place: 'validate' })}>Look closer in Validate</Button>
        </div>
        <ScoreTable rows={overall} />
        <ul className="run-verdicts">
          {verdicts.map((text) => (
            <li key={text}>
              <Icon name={/No measurable gain|worse|^Area of applicability/.test(text) ? 'info' : 'check'} size={14} />
              <span>{text}</span>
            </li>
          ))}
        </ul>
        <p className="text-2">
          {formatCount(rows)} training rows. 95 % intervals from a bootstrap over whole stations or blocks.
          {coverage.map(
            ({ split, expected, inside, n }) =>
              ` ${split}: the ${Math.round(100 * expected)} % interval held ${Math.round(100 * inside)} % of ${formatCount(n)} held-out values.`,
          )}
        </p>
        {leakage.length > 0 && (
          <details>
            <summary>What test and training rows share</summary>
            <ul className="run-lines">
              {leakage.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </section>
      {tuning && <Tuning tuning={tuning} />}
      <section className="run-section" aria-label="Methods">
        <div className="run-section-head">
          <h2>Methods</h2>
          <Button look="quiet" icon="copy" onPress={() => void copyText(lineage, 'Methods paragraph')}>
            Copy
          </Button>
        </div>
        <p className="run-methods">{lineage}</p>
      </section>
    </>
  )
}

function ScoreTable({ rows }: { readonly rows: readonly ScoreRow[] }) {
  return (
    <Scrolling label="Scores by reference">
      <table className="run-scores">
        <thead>
          <tr>
            <th scope="col">Scored against</th>
            <th scope="col">What</th>
            <th scope="col" className="number">
              n
            </th>
            {shown.map(({ name, title, hint }) => (
              <th key={name} scope="col" className="number" title={hint}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ validation, subject, measured, scores }) => (
            <tr key={`${validation} ${subject}`}>
              <th scope="row">
                {validation === 'crossValidation' ? 'held-out folds' : validation}
                {!measured && <span className="text-2"> (consistency)</span>}
              </th>
              <td className="run-subject">{subject}</td>
              <td className="number">{formatCount(scores.n)}</td>
              {shown.map(({ name }) => (
                <td key={name} className="number">
                  <MeasureCell measure={scores.measures[name]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}

interface Interval {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

export function MeasureCell({ measure }: { readonly measure: Interval }) {
  const { value, low, high } = measure
  return (
    <>
      {formatNumber(value)}
      {low !== null && high !== null && (
        <span className="run-interval">
          [{formatNumber(low)}, {formatNumber(high)}]
        </span>
      )}
    </>
  )
}
