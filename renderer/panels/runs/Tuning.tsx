import { soughtWords, trialColumns } from '../../../main/contract/index.ts'
import type { RunTuning, Trial } from '../../../main/contract/index.ts'
import { formatNumber, formatSignificant } from '../../widgets/format.ts'
import { Scrolling } from './Scrolling.tsx'

/** How the settings of the learner were sought: what was found, and every trial with its error on held-out rows. */
export function Tuning({ tuning }: { readonly tuning: RunTuning }) {
  const { sentences, trials, chosen, simplest } = tuning
  const names = trialColumns(trials)
  const is = (trial: Trial, settings: RunTuning['chosen']): boolean =>
    Object.entries(settings).every(([name, value]) => trial[name] === value)
  const low = Math.min(...trials.map(({ rmse, standardError }) => rmse - standardError))
  const high = Math.max(...trials.map(({ rmse, standardError }) => rmse + standardError))
  const across = (value: number): number => (high > low ? 4 + (112 * (value - low)) / (high - low) : 60)
  return (
    <section className="run-section" aria-label="Tuning">
      <h2>Tuning</h2>
      <p className="run-methods">{sentences.join(' ')}</p>
      <details>
        <summary>
          {trials.length} trials, {tuning.method === 'grid' ? 'all combinations' : 'Bayesian search'}
        </summary>
        <Scrolling label="Trials">
          <table className="run-scores run-trials">
            <thead>
              <tr>
                <th scope="col">Trial</th>
                {names.map((name) => (
                  <th key={name} scope="col" className="number">
                    {capital(soughtWords(name))}
                  </th>
                ))}
                <th scope="col" className="number" title="On held-out rows, units of the map">
                  RMSE
                </th>
                <th scope="col" className="number" title="Of the RMSE, over folds">
                  Standard error
                </th>
                <th scope="col">
                  <span className="visually-hidden">RMSE ± standard error, drawn</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {trials.map((trial, i) => (
                // Trials have no names but their order.
                <tr key={i} className={is(trial, chosen) ? 'is-chosen' : undefined}>
                  <th scope="row">
                    {i + 1}
                    {is(trial, chosen) ? (
                      <span className="text-2"> chosen</span>
                    ) : (
                      is(trial, simplest) && <span className="text-2"> simplest within one standard error</span>
                    )}
                  </th>
                  {names.map((name) => (
                    <td key={name} className="number">
                      {formatSignificant(trial[name], 3)}
                    </td>
                  ))}
                  <td className="number">{formatNumber(trial.rmse, 4)}</td>
                  <td className="number">{formatNumber(trial.standardError, 4)}</td>
                  <td aria-hidden="true">
                    <svg width="120" height="12">
                      <line
                        x1={across(trial.rmse - trial.standardError)}
                        x2={across(trial.rmse + trial.standardError)}
                        y1="6"
                        y2="6"
                      />
                      <circle cx={across(trial.rmse)} cy="6" r="3.5" />
                    </svg>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </details>
    </section>
  )
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
