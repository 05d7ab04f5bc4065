import type { MeasureName, RunComparison, RunDetails } from '../../../main/contract/index.ts'
import { useComparison } from '../../api/run-queries.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { formatNumber } from '../../widgets/format.ts'
import { MeasureCell } from './Findings.tsx'
import { Scrolling } from './Scrolling.tsx'
import { addDifferenceLayer } from './run-layers.ts'
import { useRunsPlace } from './runs-state.ts'

const shown: readonly { name: MeasureName; title: string }[] = [
  { name: 'rmse', title: 'RMSE' },
  { name: 'pearsonR', title: 'R' },
]

/** Two runs side by side: settings that differ, scores, and the difference of their maps. */
export function ComparePage({ run, other }: { readonly run: RunDetails; readonly other: string }) {
  const comparison = useComparison(run.id, other)
  const { data } = comparison
  return (
    <div className="run-page">
      <header className="run-head">
        <h1>
          {run.id} beside {other}
        </h1>
        <span className="run-head-gap" />
        <Button
          icon="layers"
          isDisabled={!data || data.commonDays.length === 0}
          onPress={() => {
            addDifferenceLayer(run.id, other)
            session().set({ place: 'explore', day: data?.commonDays.at(-1) ?? session().day })
          }}
        >
          Difference map
        </Button>
        <Button icon="close" onPress={() => useRunsPlace.setState({ compareWith: null })}>
          End comparison
        </Button>
      </header>
      {comparison.error && <ErrorStrip fault={comparison.error} onRetry={() => void comparison.refetch()} />}
      {!data && !comparison.error && <LoadingRows rows={6} label="Comparing the runs" />}
      {data && <Sides comparison={data} />}
    </div>
  )
}

function Sides({ comparison }: { readonly comparison: RunComparison }) {
  const { a, b, settings, versions, scores, commonDays } = comparison
  const overall = scores.filter(({ part }) => part === 'overall')
  return (
    <>
      <section className="run-section" aria-label="Settings that differ">
        <h2>Settings that differ</h2>
        {settings.length === 0 ? (
          <p className="text-2">None: the recipes are the same.</p>
        ) : (
          <Scrolling label="Settings of both">
            <table className="run-scores">
              <thead>
                <tr>
                  <th scope="col">Setting</th>
                  <th scope="col">{a.id}</th>
                  <th scope="col">{b.id}</th>
                </tr>
              </thead>
              <tbody>
                {settings.map(({ path, a: was, b: is }) => (
                  <tr key={path}>
                    <th scope="row" className="mono">
                      {path}
                    </th>
                    <td className="compare-value">{valueWords(was)}</td>
                    <td className="compare-value">{valueWords(is)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        )}
        {versions.length > 0 && (
          <p className="text-2">
            Programs:{' '}
            {versions.map(({ program, a: was, b: is }) => `${program} ${was ?? 'none'} / ${is ?? 'none'}`).join(', ')}.
          </p>
        )}
      </section>
      <section className="run-section" aria-label="Scores of both">
        <h2>Scores</h2>
        {overall.length === 0 ? (
          <p className="text-2">Neither has scores yet.</p>
        ) : (
          <Scrolling label="Scores of both, by reference">
            <table className="run-scores">
              <thead>
                <tr>
                  <th scope="col">Scored against</th>
                  <th scope="col">What</th>
                  {shown.flatMap(({ name, title }) => [
                    <th key={`${name} a`} scope="col" className="number">
                      {title} {a.id}
                    </th>,
                    <th key={`${name} b`} scope="col" className="number">
                      {b.id}
                    </th>,
                    <th key={`${name} moved`} scope="col" className="number" title={`${a.id} minus ${b.id}`}>
                      moved
                    </th>,
                  ])}
                </tr>
              </thead>
              <tbody>
                {overall.map((row) => (
                  <tr key={`${row.validation} ${row.subject}`}>
                    <th scope="row">{row.validation === 'crossValidation' ? 'held-out folds' : row.validation}</th>
                    <td className="compare-value">{row.subject}</td>
                    {shown.flatMap(({ name }) => {
                      const [own, other] = [row.a?.measures[name] ?? null, row.b?.measures[name] ?? null]
                      return [
                        <td key={`${name} a`} className="number">
                          {own ? <MeasureCell measure={own} /> : '–'}
                        </td>,
                        <td key={`${name} b`} className="number">
                          {other ? <MeasureCell measure={other} /> : '–'}
                        </td>,
                        <td key={`${name} moved`} className="number">
                          {movedWords(own?.value, other?.value)}
                        </td>,
                      ]
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        )}
        <p className="text-2">
          95 % intervals. Two runs of the same rows share their errors, so intervals may overlap although one is better;
          where they do not, it is. Maps of {commonDays.length} {commonDays.length === 1 ? 'day' : 'days'} in both.
        </p>
      </section>
    </>
  )
}

function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `+0.012`; a score that is the same to three digits says so. */
function movedWords(a: number | null | undefined, b: number | null | undefined): string {
  if (a == null || b == null) return '–'
  const moved = a - b
  if (Math.abs(moved) < 0.0005) return 'same'
  return `${moved > 0 ? '+' : ''}${formatNumber(moved)}`
}
