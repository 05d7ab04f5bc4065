import type { RunDetails, RunSummary } from '../../main/contract/index.ts'
import type { Lane } from '../widgets/time/lanes.ts'

/** True of a run that goes on, waits for its turn, or has ended; false of a plan that nobody has started. */
export const isStarted = ({ startedAtMs, place }: Pick<RunSummary, 'startedAtMs' | 'place'>) =>
  startedAtMs !== null || place !== null

/** Days of a run as a lane: done, waiting, failed. Null when all are done: its map, once it is shown, has the same lane. */
export function runLane({ id, days }: Pick<RunDetails, 'id' | 'days'>): Lane | null {
  if (days.every((each) => each.state === 'done')) return null
  return {
    id: `run ${id}`,
    name: `run ${id}`,
    days: days.map((each) => ({
      day: each.day,
      share: 1,
      ...(each.state === 'done' ? {} : { mark: each.state }),
    })),
  }
}
