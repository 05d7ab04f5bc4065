import { useState } from 'react'
import { stepNames } from '../../../main/contract/index.ts'
import type { Day, RunDetails } from '../../../main/contract/index.ts'
import { useRun, useRuns } from '../../api/run-queries.ts'
import { useRunProgress } from '../../api/runs.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { DayCalendar } from '../../widgets/DayCalendar.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { Chip, EmptyState, ErrorStrip, LoadingRows, Strip } from '../../widgets/PanelState.tsx'
import { ProgressBar } from '../../widgets/ProgressBar.tsx'
import { formatDuration } from '../../widgets/format.ts'
import { ComparePage } from './ComparePage.tsx'
import { Findings } from './Findings.tsx'
import { MapThumbnail } from './MapThumbnail.tsx'
import { ReproductionStrip } from './ReproductionStrip.tsx'
import { RunLog } from './RunLog.tsx'
import { cancelRun, discardRun, exportRun, pauseRun, reproduceRun, rerunWithChanges, startRun } from './run-actions.ts'
import { addRunLayers } from './run-layers.ts'
import {
  canCancel,
  canPause,
  canStart,
  daySquare,
  isDone,
  isUnderWay,
  readyWords,
  remedyOf,
  shareDone,
  stateWords,
  stepTitles,
} from './run-words.ts'
import { useRunsPlace, useShownRun } from './runs-state.ts'

/** One run: how far it is, what it made, what it found. */
export function RunPage() {
  const id = useShownRun()
  const runs = useRuns()
  const run = useRun(id)
  const compareWith = useRunsPlace((state) => state.compareWith)
  if (id === null)
    return runs.isLoading ? (
      <LoadingRows label="Reading the runs" />
    ) : (
      <EmptyState>
        A run computes the maps of a recipe. It can be cancelled and resumed, and never changes your inputs.
      </EmptyState>
    )
  if (run.error) return <ErrorStrip fault={run.error} onRetry={() => void run.refetch()} />
  if (!run.data) return <LoadingRows rows={6} label={`Reading run ${id}`} />
  if (compareWith) return <ComparePage run={run.data} other={compareWith} />
  return <Shown key={id} run={run.data} asOf={run.dataUpdatedAt} />
}

function Shown({ run, asOf }: { readonly run: RunDetails; readonly asOf: number }) {
  const [day, setDay] = useState<Day | null>(null)
  const doneDays = run.days.filter(({ state }) => state === 'done')
  const latest = doneDays.at(-1)?.day ?? null
  const shownDay = day ?? latest
  return (
    <div className="run-page">
      <Head run={run} />
      <Bar run={run} asOf={asOf} doneDays={doneDays.length} />
      <Trouble run={run} />
      <ReproductionStrip run={run.id} />
      <Steps run={run} />
      <div className="run-days">
        <section aria-label="Days">
          <h2>Days</h2>
          <DayCalendar label="Days of the run" days={run.days.map(daySquare)} selected={shownDay} onSelect={setDay} />
        </section>
        {shownDay && doneDays.length > 0 && (
          <section aria-label="Map" className="run-map">
            <h2>{shownDay === latest ? `Latest, ${shownDay}` : shownDay}</h2>
            <MapThumbnail run={run.id} day={shownDay} version={doneDays.length} />
            <Button
              icon="layers"
              onPress={() => {
                addRunLayers(run)
                session().set({ place: 'explore', day: shownDay })
              }}
            >
              Show on the map
            </Button>
          </section>
        )}
      </div>
      <Findings run={run} />
      <RunLog key={run.id} run={run} />
    </div>
  )
}

function Head({ run }: { readonly run: RunDetails }) {
  const { words, tone } = stateWords(run)
  const others = (useRuns().data ?? []).filter(({ id }) => id !== run.id)
  const live = useRunsPlace((state) => state.reproducing[run.id])
  const more = [
    { id: 'rerun', title: 'Re-run with changes', icon: 'edit' as const, run: () => rerunWithChanges(run) },
    ...(isDone(run)
      ? [
          {
            id: 'reproduce',
            title: 'Reproduce',
            icon: 'run' as const,
            isDisabled: live !== undefined,
            run: () => void reproduceRun(run.id),
          },
          { id: 'export', title: 'Export maps …', icon: 'download' as const, run: () => exportRun(run) },
        ]
      : []),
    ...(run.startedAtMs === null && canStart(run)
      ? [
          {
            id: 'discard',
            title: 'Discard',
            icon: 'trash' as const,
            startsGroup: true,
            run: () => void discardRun(run.id),
          },
        ]
      : []),
  ]
  return (
    <header className="run-head">
      <h1>
        {run.name} <span className="text-2">{run.id}</span>
      </h1>
      <Chip tone={tone}>{words}</Chip>
      <span className="run-head-gap" />
      {canPause(run) && (
        <Button icon="pause" onPress={() => void pauseRun(run.id)}>
          Pause
        </Button>
      )}
      {canCancel(run) && (
        <Button icon="stop" onPress={() => void cancelRun(run.id)}>
          Cancel
        </Button>
      )}
      {canStart(run) && (
        <Button look="primary" icon="play" onPress={() => void startRun(run.id)}>
          {run.startedAtMs === null ? 'Start' : 'Resume'}
        </Button>
      )}
      {isDone(run) && (
        <Button look="primary" icon="layers" onPress={() => addRunLayers(run)}>
          Add maps as layers
        </Button>
      )}
      {others.length > 0 && (
        <MenuButton
          label="Compare with another run"
          text="Compare with"
          rows={others.slice(0, 40).map((other) => ({
            id: other.id,
            title: `${other.name} ${other.id}`,
            run: () => useRunsPlace.setState({ compareWith: other.id }),
          }))}
        />
      )}
      <MenuButton label={`More for ${run.id}`} rows={more} />
    </header>
  )
}

function Bar({ run, asOf, doneDays }: { readonly run: RunDetails; readonly asOf: number; readonly doneDays: number }) {
  const live = useRunProgress((state) => state.byRun[run.id]) ?? null
  const progress = live ?? run.progress
  const days = `${doneDays} of ${run.days.length} days`
  const text = [
    days,
    isUnderWay(run)
      ? progress
        ? readyWords(run.progress?.secondsLeft, asOf)
        : 'measuring the pace'
      : durationWords(run),
    paceWords(run),
  ]
    .filter(Boolean)
    .join(' · ')
  const tone = run.state === 'failed' ? 'bad' : run.state === 'interrupted' ? 'warn' : isDone(run) ? 'good' : 'accent'
  return <ProgressBar label={`Progress of ${run.id}`} value={shareDone(run, progress)} text={text} tone={tone} />
}

function durationWords({ state, startedAtMs, endedAtMs }: RunDetails): string {
  if (!startedAtMs || !endedAtMs) return ''
  const duration = formatDuration((endedAtMs - startedAtMs) / 1000)
  return state === 'paused' ? `paused after ${duration}` : `took ${duration}`
}

function paceWords({ steps }: RunDetails): string {
  const predict = steps.find(({ step }) => step === 'predict')
  if (!predict || predict.computed === 0 || predict.seconds < 1) return ''
  const perMinute = (60 * predict.computed) / predict.seconds
  return `${perMinute >= 10 ? Math.round(perMinute) : perMinute.toFixed(1)} tiles a minute`
}

function Trouble({ run }: { readonly run: RunDetails }) {
  const remedy = remedyOf(run)
  // An interrupted run says so itself.
  const failed = run.state === 'interrupted' ? [] : run.days.filter(({ state }) => state === 'failed')
  return (
    <>
      {remedy && (
        <Strip
          tone={
            ({ failed: 'bad', cancelled: 'info', paused: 'info' } as const)[
              run.state as 'failed' | 'cancelled' | 'paused'
            ] ?? 'warn'
          }
          action={<Button onPress={() => rerunWithChanges(run)}>Re-run with changes</Button>}
        >
          {run.state === 'cancelled' || run.state === 'paused' ? '' : run.message} {remedy}
        </Strip>
      )}
      {failed.length > 0 && (
        <Strip tone="warn">
          {failed.length} of {run.days.length} days failed, the first is {failed[0].day}: {failed[0].message} The others
          are safe.
        </Strip>
      )}
      {run.warnings.map((text) => (
        <Strip key={text} tone="warn">
          {text}
        </Strip>
      ))}
    </>
  )
}

function Steps({ run }: { readonly run: RunDetails }) {
  const live = useRunProgress((state) => state.byRun[run.id])
  return (
    <ol className="run-steps" aria-label="Steps">
      {stepNames.map((step) => {
        const known = run.steps.find((each) => each.step === step)
        const isNow = isUnderWay(run) && known?.state === 'started'
        const progress = live?.step === step ? live : null
        const words =
          known?.state === 'done'
            ? [formatDuration(known.seconds), known.reused > 0 ? `${known.reused} reused` : '']
                .filter(Boolean)
                .join(', ')
            : isNow && progress
              ? `${progress.done}/${progress.total}`
              : known
                ? isNow
                  ? 'under way'
                  : 'not finished'
                : ''
        return (
          <li key={step} className={`run-step${isNow ? ' is-now' : ''}${known?.state === 'done' ? ' is-done' : ''}`}>
            <Icon name={known?.state === 'done' ? 'check' : isNow ? 'play' : 'chevronRight'} size={14} />
            <span>{stepTitles[step]}</span>
            <span className="text-2">{words}</span>
            <span className="visually-hidden">
              {known?.state === 'done' ? ' done' : isNow ? ' under way' : ' to come'}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
