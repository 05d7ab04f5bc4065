import { formatUnit, settingsWords, soughtWords } from '../../../contract/index.ts'
import type { LearnerSettings, RunTuning, TuningMethod, TuningTrace } from '../../../contract/index.ts'
import { searchOf } from './sought-of.ts'

const methodWords: Record<TuningMethod, string> = {
  bayesian: 'a Bayesian search',
  grid: 'trying all combinations',
}

/** `rows in a leaf and predictors per split were sought by a Bayesian search (24 trials) on held-out folds of the training rows`; empty
 *  without a search. */
export function searchWords(settings: LearnerSettings, predictors: number, verb: 'are' | 'were'): string {
  const search = searchOf(settings, predictors)
  if (!search) return ''
  const open = search.sought.filter(({ values }) => new Set(values).size > 1).map(({ name }) => soughtWords(name))
  const names = open.length > 1 ? `${open.slice(0, -1).join(', ')} and ${open.at(-1)}` : (open[0] ?? 'settings')
  return `${names} ${verb} sought by ${methodWords[search.method]} (${search.trials} trials) on held-out folds of the training rows`
}

/** What the search found, for a methods section.
 *  @param unit of the target
 *  @param byFold what the folds of the scores chose */
export function tuningSentences(trace: TuningTrace, unit: string, byFold: RunTuning['byFold'] = []): string[] {
  const { method, seed, rows, folds, trials, chosen, simplest } = trace
  const best = trials.reduce((lowest, trial) => (trial.rmse < lowest.rmse ? trial : lowest))
  const inUnit = unit ? ` ${formatUnit(unit)}` : ''
  const error = `${best.rmse.toPrecision(4)} ± ${best.standardError.toPrecision(2)}${inUnit} (standard error over folds)`
  const isSimplest = Object.keys(chosen).every((name) => chosen[name] === simplest[name])
  return [
    `Of ${trials.length} settings (${methodWords[method]}, seed ${seed}), ${settingsWords(chosen)} had the lowest RMSE on ${rows} rows held out in ${folds} folds: ${error}.`,
    isSimplest
      ? 'Within one standard error of it no simpler setting was tried.'
      : `The simplest within one standard error of it: ${settingsWords(simplest)}.`,
    ...foldsSentence(byFold, Object.keys(chosen)),
  ]
}

/** The error of the chosen settings on the rows they were chosen by is no score: scores come from folds that chose for themselves. */
function foldsSentence(byFold: RunTuning['byFold'], names: readonly string[]): string[] {
  if (byFold.length === 0) return []
  const ranges = names.map((name) => {
    const values = byFold.map(({ chosen }) => chosen[name])
    const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => Number(value.toPrecision(4)))
    return `${soughtWords(name)} ${low === high ? low : `${low} to ${high}`}`
  })
  return [
    `That error chose the settings, so it is no score: each of the ${byFold.length} folds of the scores sought its own without the rows it tests (${ranges.join(', ')}).`,
  ]
}
