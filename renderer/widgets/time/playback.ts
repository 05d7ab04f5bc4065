import { create } from 'zustand'
import type { Day } from '../../../main/contract/index.ts'
import type { TimeStep } from './time-steps.ts'

interface Playback {
  readonly isPlaying: boolean
  readonly step: TimeStep
  /** Steps a second. */
  readonly speed: number
  readonly isLooping: boolean
  /** The day that comes next while playing, so that it can be read ahead. */
  readonly next: Day | null
}

export const speeds = [0.5, 1, 2, 4, 8] as const

/** How time moves; shared by the bar, its keys and whoever reads ahead. */
export const usePlayback = create<Playback>(() => ({
  isPlaying: false,
  step: 'day',
  speed: 2,
  isLooping: true,
  next: null,
}))
