import type { RunEvent, StepName } from '../../contract/index.ts'

interface StepState {
  total: number
  reused: number
  computed: number
  /** Fractions of the parts now being computed. */
  underWay: number
  seconds: number
  startedAt: number | null
}

const tellEveryMs = 500

/** Keeps count of a run's steps and tells how long it still takes: for a step with finished parts from its own pace, for
 *  one that has not begun from the estimate. */
export class RunProgress {
  private readonly steps = new Map<StepName, StepState>()
  private readonly expectedSeconds: Readonly<Partial<Record<StepName, number>>>
  private readonly tell: (event: RunEvent) => void
  private toldAt = 0

  /** @param expectedSeconds wall-clock seconds each step is expected to take as a whole */
  constructor(tell: (event: RunEvent) => void, expectedSeconds: Readonly<Partial<Record<StepName, number>>> = {}) {
    this.tell = tell
    this.expectedSeconds = expectedSeconds
  }

  plan(step: StepName, total: number): void {
    this.steps.set(step, { total, reused: 0, computed: 0, underWay: 0, seconds: 0, startedAt: null })
  }

  start(step: StepName): void {
    const state = this.steps.get(step)!
    if (state.startedAt !== null) return
    state.startedAt = Date.now()
    this.tell({
      event: 'step',
      step,
      state: 'started',
      total: state.total,
      reused: state.reused,
      computed: 0,
      seconds: 0,
    })
  }

  reuse(step: StepName, count = 1): void {
    this.steps.get(step)!.reused += count
  }

  computed(step: StepName): void {
    const state = this.steps.get(step)!
    state.computed++
    state.underWay = 0
    this.progress(step)
  }

  /** A long part tells how far it is. */
  partly(step: StepName, fraction: number): void {
    this.steps.get(step)!.underWay = fraction
    this.progress(step)
  }

  finish(step: StepName): void {
    const state = this.steps.get(step)!
    if (state.startedAt !== null) state.seconds = (Date.now() - state.startedAt) / 1000
    const { total, reused, computed } = state
    this.tell({ event: 'step', step, state: 'done', total, reused, computed, seconds: state.seconds })
  }

  private progress(step: StepName): void {
    const now = Date.now()
    const state = this.steps.get(step)!
    const done = state.reused + state.computed
    if (now - this.toldAt < tellEveryMs && done < state.total) return
    this.toldAt = now
    this.tell({ event: 'progress', step, done, total: state.total, secondsLeft: this.secondsLeft(now) })
  }

  private secondsLeft(now: number): number | null {
    let left = 0
    for (const [step, state] of this.steps) {
      const toDo = state.total - state.reused
      const remaining = toDo - state.computed - state.underWay
      if (remaining <= 0) continue
      const progressed = state.computed + state.underWay
      if (state.startedAt !== null && progressed > 0) left += ((now - state.startedAt) / 1000 / progressed) * remaining
      else if (this.expectedSeconds[step] !== undefined) left += (this.expectedSeconds[step] * remaining) / state.total
      else return null
    }
    return left
  }
}
