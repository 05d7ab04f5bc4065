import { z } from 'zod'

export const runStates = [
  'waiting',
  'running',
  'pausing',
  'paused',
  'cancelling',
  'cancelled',
  'failed',
  'interrupted',
  'done',
  'done_with_warnings',
] as const
export type RunState = (typeof runStates)[number]

export const stepNames = ['prepare', 'samples', 'train', 'crossValidate', 'predict', 'publish', 'validate'] as const
export type StepName = (typeof stepNames)[number]

/** One line of a run's log, and what a front is told while it goes. */
export const RunEvent = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('step'),
    step: z.enum(stepNames),
    state: z.enum(['started', 'done']),
    total: z.int(),
    reused: z.int(),
    computed: z.int(),
    /** Wall clock of the step so far. */
    seconds: z.number(),
  }),
  z.strictObject({
    event: z.literal('progress'),
    step: z.enum(stepNames),
    done: z.int(),
    total: z.int(),
    /** Seconds until the run ends, from the pace so far; null until known. */
    secondsLeft: z.number().nullable(),
  }),
  z.strictObject({ event: z.literal('warning'), code: z.string(), message: z.string() }),
  z.strictObject({ event: z.literal('state'), state: z.enum(runStates), message: z.string() }),
])
export type RunEvent = z.infer<typeof RunEvent>

/** What a run will take, told before it starts. Ranges are honest guesses from a measured tile. */
export interface RunEstimate {
  readonly secondsFrom: number
  readonly secondsTo: number
  readonly peakMemoryBytes: number
  readonly diskBytes: number
  readonly freeDiskBytes: number
  readonly blocks: number
  readonly blocksReused: number
}
