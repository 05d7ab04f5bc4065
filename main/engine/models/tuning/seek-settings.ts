import type { Trial, TuningMethod, TuningTrace } from '../../../contract/index.ts'
import { nextToTry } from './bayesian-search.ts'
import { allCombinations, bySimplicity, settingsAtBound } from './sought.ts'
import type { SoughtSetting, Tried } from './sought.ts'

/** Errors of a fit on the rows of one part that it had not. */
export interface PartScore {
  /** Sum of the squared errors, and of how much the rows count. */
  readonly squares: number
  readonly count: number
}

export interface Scored {
  /** One each for the held-out parts. */
  readonly parts: readonly PartScore[]
  /** What the fits chose by themselves, as the number of rounds. */
  readonly found?: Tried
}

export interface SeekOptions {
  readonly sought: readonly SoughtSetting[]
  readonly method: TuningMethod
  /** Trials of a search, at most; a grid tries all combinations. */
  readonly trials: number
  readonly seed: number
  readonly score: (tried: Tried) => Promise<Scored>
  readonly onProgress?: (share: number) => void
}

/** The settings with the lowest error on held-out rows, with everything that was tried. Of equals the simplest.
 *  @returns the trace without the rows and folds it was scored on */
export async function seekSettings(options: SeekOptions): Promise<Omit<TuningTrace, 'rows' | 'folds'>> {
  const { sought, method, seed, score, onProgress } = options
  const grid = method === 'grid' ? allCombinations(sought) : null
  const most = grid?.length ?? options.trials
  const trials: (Tried & Trial)[] = []
  while (trials.length < most) {
    const tried = grid ? grid[trials.length] : nextToTry(sought, trials, seed)
    if (!tried) break
    const { parts, found = {} } = await score(tried)
    trials.push({ ...tried, ...found, ...errorOf(parts) })
    onProgress?.(trials.length / most)
  }
  const simplerFirst = trials.toSorted((a, b) => bySimplicity(sought, a, b))
  const best = simplerFirst.reduce((lowest, trial) => (trial.rmse < lowest.rmse ? trial : lowest))
  const simplest = simplerFirst.find(({ rmse }) => rmse <= best.rmse + best.standardError)!
  const own = (trial: Tried): Tried => Object.fromEntries(sought.map(({ name }) => [name, trial[name]]))
  return { method, seed, trials, chosen: own(best), simplest: own(simplest), atBound: settingsAtBound(sought, best) }
}

/** The root mean square error of all rows, and the standard error of that of a part. */
function errorOf(parts: readonly PartScore[]): { readonly standardError: number; readonly rmse: number } {
  const total = parts.reduce((sum, { squares, count }) => [sum[0] + squares, sum[1] + count], [0, 0])
  const own = parts.filter(({ count }) => count > 0).map(({ squares, count }) => Math.sqrt(squares / count))
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length
  const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, own.length - 1)
  return { standardError: Math.sqrt(variance / own.length), rmse: Math.sqrt(total[0] / total[1]) }
}
