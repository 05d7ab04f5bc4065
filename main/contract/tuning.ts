/** A combination of settings that was tried: each setting by its name in the recipe, and beside them `rmse`, the root mean square
 *  error on held-out rows in the target's unit, and `standardError`, that of it over the folds. Boosting that stops early adds
 *  `rounds`, those of the lowest error. */
export interface Trial {
  readonly rmse: number
  readonly [setting: string]: number
}

/** How the settings of a learner were sought. */
export interface TuningTrace {
  readonly method: TuningMethod
  readonly seed: number
  /** Rows that were scored, each once in every trial, and the folds they lie in. */
  readonly rows: number
  readonly folds: number
  /** In the order they were tried. */
  readonly trials: readonly Trial[]
  /** Of the trial with the lowest error. */
  readonly chosen: Readonly<Record<string, number>>
  /** The simplest settings whose error is within one standard error of the lowest (Breiman et al. 1984); told, not taken. */
  readonly simplest: Readonly<Record<string, number>>
  /** Settings whose best value was the lowest or highest tried, while the learner takes values beyond. */
  readonly atBound: readonly string[]
}

export type TuningMethod = 'grid' | 'bayesian'

/** The search of a run: that of the model its maps are made by, and what each fold of its scores chose by itself. */
export interface RunTuning extends TuningTrace {
  /** What was found, for a methods section. */
  readonly sentences: readonly string[]
  readonly byFold: readonly {
    readonly split: string
    readonly fold: number
    readonly chosen: Readonly<Record<string, number>>
  }[]
}

const words: Readonly<Record<string, string>> = {
  minLeafSize: 'rows in a leaf',
  predictorsPerSplit: 'predictors per split',
  maxDepth: 'depth',
  treeCount: 'trees',
  learningRate: 'learning rate',
  l2: 'shrinkage of leaves',
  minChildWeight: 'rows in a leaf',
  rounds: 'rounds',
}

/** What a setting that is sought is called in a sentence or a column; the recipe's own name where that is a word. */
export function soughtWords(setting: string): string {
  return words[setting] ?? setting
}

/** Names of what the trials tell beside their error: settings, and what the fits found by themselves. */
export function trialColumns(trials: readonly Trial[]): string[] {
  return Object.keys(trials[0] ?? {}).filter((name) => name !== 'rmse' && name !== 'standardError')
}

/** `rows in a leaf 5, predictors per split 3` */
export function settingsWords(settings: Readonly<Record<string, number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${soughtWords(name)} ${Number(value.toPrecision(4))}`)
    .join(', ')
}
