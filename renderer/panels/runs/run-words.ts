import { stepNames } from '../../../main/contract/index.ts'
import type { RunDetails, RunSummary, StepName } from '../../../main/contract/index.ts'
import type { CalendarDay } from '../../widgets/DayCalendar.tsx'
import { formatDuration } from '../../widgets/format.ts'

export const stepTitles: Record<StepName, string> = {
  prepare: 'Prepare',
  samples: 'Samples',
  train: 'Train',
  crossValidate: 'Cross-validate',
  predict: 'Predict',
  publish: 'Write',
  validate: 'Validate',
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info'

/** A run's state in words, and in what tone. */
export function stateWords({ state, place, startedAtMs }: Pick<RunSummary, 'state' | 'place' | 'startedAtMs'>): {
  words: string
  tone: Tone
} {
  switch (state) {
    case 'waiting':
      if (place === null) return { words: startedAtMs === null ? 'planned' : 'waits to resume', tone: 'plain' }
      return { words: `${place}. in the queue`, tone: 'plain' }
    case 'running':
      return { words: 'running', tone: 'info' }
    case 'pausing':
      return { words: 'pausing', tone: 'warn' }
    case 'paused':
      return { words: 'paused', tone: 'plain' }
    case 'cancelling':
      return { words: 'cancelling', tone: 'warn' }
    case 'cancelled':
      return { words: 'cancelled', tone: 'plain' }
    case 'failed':
      return { words: 'failed', tone: 'bad' }
    case 'interrupted':
      return { words: 'interrupted', tone: 'warn' }
    case 'done':
      return { words: 'done', tone: 'good' }
    case 'done_with_warnings':
      return { words: 'done, with warnings', tone: 'warn' }
  }
}

/** What can be done about a run that did not end well; null for one that did. */
export function remedyOf({ state }: RunSummary): string | null {
  switch (state) {
    case 'paused':
      return 'It takes neither memory nor cores. Resume goes on where it was, also after Loam was closed.'
    case 'cancelled':
      return 'What was finished is kept. Resume goes on there.'
    case 'interrupted':
      return 'What was finished is kept. When the cause is mended, resume goes on there.'
    case 'failed':
      return 'Resuming would fail again. Re-run with changes takes over everything that did not change.'
    default:
      return null
  }
}

/** A day of a run on its calendar: done is a full square, failed has a cross, waiting is hollow. */
export function daySquare({ day, state, message }: RunDetails['days'][number]): CalendarDay {
  if (state === 'failed') return { day, colour: 'var(--bad)', mark: '×', words: `failed: ${message}` }
  if (state === 'waiting') return { day, colour: 'var(--line)', isHollow: true, words: 'waiting' }
  return { day, colour: 'var(--good)', words: 'done' }
}

export const isUnderWay = ({ state }: RunSummary): boolean =>
  state === 'running' || state === 'pausing' || state === 'cancelling'
export const isDone = ({ state }: RunSummary): boolean => state === 'done' || state === 'done_with_warnings'
export const canStart = ({ state, place }: RunSummary): boolean =>
  place === null && ['waiting', 'paused', 'cancelled', 'interrupted', 'failed'].includes(state)
export const canCancel = ({ state, place }: RunSummary): boolean =>
  state === 'running' || state === 'pausing' || (state === 'waiting' && place !== null)
export const canPause = ({ state, place }: RunSummary): boolean =>
  state === 'running' || (state === 'waiting' && place !== null)

interface StepProgress {
  readonly step: StepName
  readonly done: number
  readonly total: number
}

/** Shares of a run's time that its steps take, about; the bar then moves evenly enough. */
const weights: Record<StepName, number> = {
  prepare: 1,
  samples: 15,
  train: 8,
  crossValidate: 16,
  predict: 50,
  publish: 6,
  validate: 4,
}

/** How much of a run is done, 0–1. */
export function shareDone(run: Pick<RunDetails, 'steps' | 'state'>, progress: StepProgress | null): number {
  if (run.state === 'done' || run.state === 'done_with_warnings') return 1
  const total = stepNames.reduce((sum, step) => sum + weights[step], 0)
  const done = stepNames.reduce((sum, step) => {
    const known = run.steps.find((each) => each.step === step)
    if (known?.state === 'done') return sum + weights[step]
    const part = progress?.step === step && progress.total > 0 ? progress.done / progress.total : 0
    return sum + weights[step] * part
  }, 0)
  return done / total
}

/** The same from a progress event alone, which knows its step but not the others. */
export function shareAt({ step, done, total }: StepProgress): number {
  const all = stepNames.reduce((sum, each) => sum + weights[each], 0)
  const before = stepNames.slice(0, stepNames.indexOf(step)).reduce((sum, each) => sum + weights[each], 0)
  return (before + weights[step] * (total > 0 ? done / total : 0)) / all
}

/** `ready 15:58–16:06`; empty while not known. */
export function readyWords(
  left: { readonly from: number; readonly to: number } | null | undefined,
  nowMs: number,
): string {
  if (!left) return ''
  if (left.to < 90) return `${formatDuration(left.from)} – ${formatDuration(left.to)} left`
  const at = (seconds: number) =>
    new Date(nowMs + 1000 * seconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return `ready ${at(left.from)} – ${at(left.to)}`
}
