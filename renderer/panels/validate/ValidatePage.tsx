import { formatDepth } from '../../../main/contract/index.ts'
import type { ValidationSummary } from '../../../main/contract/index.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { Chip, EmptyState, ErrorStrip, LoadingLine, LoadingRows, Strip } from '../../widgets/PanelState.tsx'
import { formatCount } from '../../widgets/format.ts'
import { ErrorBoxesChart } from './ErrorBoxesChart.tsx'
import { FilteredScores } from './FilteredScores.tsx'
import { ImportanceChart } from './ImportanceChart.tsx'
import { MonthsChart } from './MonthsChart.tsx'
import { PairsChart } from './PairsChart.tsx'
import { ReferenceName } from './ReferenceName.tsx'
import { ResidualsChart } from './ResidualsChart.tsx'
import { ScoreExport } from './ScoreExport.tsx'
import { ScoreNote } from './ScoreNote.tsx'
import { ScoreTable } from './ScoreTable.tsx'
import { StationSeries } from './StationSeries.tsx'
import { TestSeal } from './TestSeal.tsx'
import {
  selectStation,
  useFindings,
  useFinishedRuns,
  usePairs,
  useSelectedStation,
  useStationSeries,
  useValidatedRun,
  useValidation,
} from './validate-state.ts'
import { useFilteredPairs } from './use-filtered-pairs.ts'
import './validate.css'

/** Did the fine map help, and where can it be trusted? The hardest split first, the coarse product always beside. */
export function ValidatePage() {
  const runs = useFinishedRuns()
  const run = useValidatedRun()
  const findings = useFindings(run?.id)
  const validation = useValidation(run?.id)
  const filtered = useFilteredPairs(run?.id, validation)
  if (runs.isLoading || findings.isLoading) return <LoadingRows rows={8} label="Reading the scores" />
  if (runs.error) return <ErrorStrip fault={runs.error} onRetry={() => void runs.refetch()} />
  if (!run)
    return (
      <EmptyState
        action={
          <Button look="primary" onPress={() => session().set({ place: 'model' })}>
            Set up a model
          </Button>
        }
      >
        Add stations or hold out cells to score this map. Scores appear when a run has ended.
      </EmptyState>
    )
  if (findings.error) return <ErrorStrip fault={findings.error} onRetry={() => void findings.refetch()} />
  if (!findings.data) return null
  const { scores, verdicts, leakage, coverage, warnings } = findings.data
  const unit = validation?.unit ?? 'm3 m-3'
  const names = [...new Set(scores.map((row) => row.validation))].sort(
    (a, b) => Number(a === 'crossValidation') - Number(b === 'crossValidation'),
  )
  return (
    <div className="validate-page">
      <section aria-label="Verdict" className="validate-verdicts">
        <h2>Did it help?</h2>
        <ul>
          {verdicts.map((verdict) => (
            <li key={verdict} className="verdict">
              <Chip tone={toneOf(verdict)}>{words[toneOf(verdict)]}</Chip>
              <Verdict text={verdict} references={names} />
            </li>
          ))}
        </ul>
      </section>
      <TestSeal run={run.id} unit={unit} />
      {filtered && <FilteredScores pairs={filtered} />}
      <ScoreExport rows={scores} unit={unit} run={run.id} />
      <ScoreNote unit={unit} />
      {names.map((name) => (
        <ScoreTable key={name} rows={scores.filter((row) => row.validation === name)} />
      ))}
      {validation && <Comparison run={run.id} validation={validation} />}
      <div className="validate-charts">
        {findings.data.importance.length > 0 && <ImportanceChart findings={findings.data} unit={unit} />}
        {validation && (
          <MonthsChart
            rows={scores.filter((row) => row.validation === validation.name)}
            unit={unit}
            filtered={filtered?.months}
          />
        )}
      </div>
      {coverage.length > 0 && (
        <section aria-label="Intervals">
          <h2>Intervals</h2>
          {coverage.map(({ split, expected, inside, n }) => (
            <p key={split}>
              {split.replaceAll('_', ' ')}: {(100 * inside).toFixed(1)} % of {formatCount(n)} held-out values lie
              inside, {(100 * expected).toFixed(0)} % were expected.
            </p>
          ))}
        </section>
      )}
      {leakage.length + warnings.length > 0 && (
        <section aria-label="Be careful" className="validate-verdicts">
          <h2>Be careful</h2>
          {[...warnings, ...leakage].map((line) => (
            <p key={line} className="text-2">
              {line}
            </p>
          ))}
        </section>
      )}
    </div>
  )
}

function Comparison({ run, validation }: { readonly run: string; readonly validation: ValidationSummary }) {
  const station = useSelectedStation(validation)
  const pairs = usePairs(run, validation, station)
  const everywhere = usePairs(run, validation, null)
  const series = useStationSeries(run, validation.name, station)
  const name = validation.stations.find(({ id }) => id === station)?.name || station || ''
  const depthNote =
    validation.depth && validation.targetDepth && String(validation.depth) !== String(validation.targetDepth)
      ? `The reference measures at ${formatDepth(validation.depth)}, the map stands for ${formatDepth(validation.targetDepth)}: part of the bias is depth, no error of the map.`
      : null
  return (
    <section aria-label={`Pairs against ${validation.name}`} className="validate-comparison">
      <LoadingLine isShown={pairs.isFetching} label="Reading the pairs" />
      <div className="validate-chips">
        <h2>
          {validation.measured ? 'Against' : 'Consistency with'} <ReferenceName name={validation.name} />
          {station ? `, station ${name}` : ''}
        </h2>
        {station && (
          <Button look="quiet" icon="close" onPress={() => selectStation(validation, null)}>
            All stations
          </Button>
        )}
      </div>
      {depthNote && <Strip tone="warn">{depthNote}</Strip>}
      {pairs.error && <ErrorStrip fault={pairs.error} onRetry={() => void pairs.refetch()} />}
      {pairs.data && pairs.data.density.n === 0 && (
        <EmptyState>No pair passes the filter. Take a part of it off, or choose another station.</EmptyState>
      )}
      {pairs.data && pairs.data.density.n > 0 && (
        <div className="validate-charts">
          <PairsChart pairs={pairs.data} onStation={(id) => selectStation(validation, id)} />
          <ResidualsChart pairs={pairs.data} />
          {everywhere.data && everywhere.data.density.n > 0 && (
            <ErrorBoxesChart run={run} pairs={everywhere.data} validation={validation} />
          )}
        </div>
      )}
      {station && series.data && <StationSeries series={series.data} name={name} left={pairs.data?.points ?? null} />}
    </section>
  )
}

/** The engine's sentence; the reference it begins with is marked as a name. */
function Verdict({ text, references }: { readonly text: string; readonly references: readonly string[] }) {
  const name = references.find((each) => text.startsWith(`${each}: `))
  if (name === undefined) return <span>{text}</span>
  return (
    <span>
      Against <ReferenceName name={name} />
      {text.slice(name.length)}
    </span>
  )
}

const words = { good: 'better', warn: 'worse', info: 'no measurable gain', plain: 'note' } as const

/** The words are the engine's; the tone follows them. */
function toneOf(verdict: string): keyof typeof words {
  if (/\bis better than\b/.test(verdict)) return 'good'
  if (/\bis worse than\b/.test(verdict)) return 'warn'
  return /no measurable gain/i.test(verdict) ? 'info' : 'plain'
}
