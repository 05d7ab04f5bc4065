import { availableParallelism } from 'node:os'
import { LearnerSettings, LoamError, soughtWords } from '../../contract/index.ts'
import { modelWords, trainFromTable, tuningSentences } from '../../engine/models/index.ts'
import type { ModelInfo } from '../../engine/models/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'
import { duration } from '../output.ts'
import { textTable } from '../text-table.ts'

export const trainCommand: CliCommand = {
  name: 'train',
  summary: 'train a forest, boosted trees or a regression on a table of your own',
  declare: (command) =>
    command
      .requiredOption('--table <csv>', 'one row per sample, columns named in the first line')
      .requiredOption('--target <column>')
      .option('--predictors <a,b,…>', 'columns; default all but the target')
      .option('--weights <column>', 'forest: how much each row counts; no predictor then')
      .option('--learner <type>', 'forest, boosting, linear, svr (support vectors) or mlp (neural network)', 'forest')
      .option('--trees <n>', 'forest: number of trees; default 126')
      .option('--min-leaf <n>', 'least rows in a leaf; default 10, in boosting 1')
      .option('--per-split <n>', 'forest: predictors tried at a split; default all')
      .option('--depth <n>', 'deepest level; default 64, in boosting 6')
      .option('--max-depth <n>', 'the same as --depth')
      .option('--intervals', 'forest: keep what quantiles of predictions need')
      .option(
        '--leaf-samples <n|all>',
        'with --intervals: rows kept in a leaf; all for exact quantiles of small maps; default 4',
      )
      .option('--rounds <n>', 'boosting: number of trees; default 300')
      .option(
        '--learning-rate <f>',
        'boosting: share of the residual each tree adds, default 0.1; mlp: size of a step, default 0.005',
      )
      .option('--rows <f>', 'boosting: share of the rows each tree learns from; default 1')
      .option('--columns <f>', 'boosting: share of the predictors each tree may split on; default 1')
      .option('--l2 <f>', 'boosting: penalty on leaf values, in rows; default 1')
      .option(
        '--patience <n>',
        'boosting, mlp: stop after so many rounds or epochs without a lower error on held-out groups',
      )
      .option('--ridge <f>', 'linear: penalty, as if so many rows said that no predictor matters; default 0')
      .option('--cost <f>', 'svr: C, in standard deviations of the target; default 1')
      .option('--gamma <f>', 'svr: sharpness of the kernel; default 1 / number of predictors')
      .option('--epsilon <f>', 'svr: errors that cost nothing, in standard deviations of the target; default 0.1')
      .option('--most-rows <n>', 'svr, mlp: rows learned from; default 5000 and 20 000')
      .option('--hidden <a,b,…>', 'mlp: units of each hidden layer; default 32,16')
      .option('--epochs <n>', 'mlp: passes over all rows; default 200')
      .option('--penalty <f>', 'mlp: penalty on the weights; default 0.0001')
      .option(
        '--tune',
        'seek settings on held-out groups: svr cost, gamma and epsilon; forest rows in a leaf and predictors per split; boosting depth, learning rate and L2',
      )
      .option('--trials <n>', 'with --tune, forest and boosting: combinations tried; default 24')
      .option('--groups <column>', 'with --patience or --tune: stations, days or the like, which are held out together')
      .option('--seed <n>', 'same seed and table, same model', '1')
      .option('--threads <n>', 'default one per core')
      .requiredOption('--out <model>', 'model file, name.loammodel'),
  async run(_args, options, { output, signal }) {
    const started = performance.now()
    const seed = Number(options.seed)
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new LoamError(
        'usage',
        `--seed "${String(options.seed)}" is no seed; it needs a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
      )
    const trained = await trainFromTable({
      tablePath: options.table as string,
      target: options.target as string,
      predictors:
        options.predictors === undefined
          ? undefined
          : String(options.predictors)
              .split(',')
              .map((name) => name.trim()),
      settings: settingsOf(options),
      weights: options.weights as string | undefined,
      groups: options.groups as string | undefined,
      seed,
      threads: options.threads === undefined ? availableParallelism() : positive('--threads', options.threads),
      out: options.out as string,
      signal,
      onProgress: (fraction: number) => output.progress(`  training: ${(fraction * 100).toFixed(0)} %`),
    })
    const seconds = (performance.now() - started) / 1000
    const { info, rows, excluded } = trained
    const { impurity, permutation } = info.importance
    const hasTrees = info.treeCount > 0
    const importance = textTable(
      ['predictor', hasTrees ? 'impurity' : 'share when permuted', ...(permutation.length > 0 ? ['permutation'] : [])],
      info.predictors.map((name, i) => [
        name,
        impurity[i].toFixed(3),
        ...(permutation.length > 0 ? [permutation[i].toExponential(2)] : []),
      ]),
    )
    const outOfBag = `Out-of-bag RMSE ${info.outOfBag.rmse.toPrecision(4)}, R² ${info.outOfBag.rSquared.toFixed(3)} (n ${info.outOfBag.n}). Rows of one place or day stand on both sides of this; validate by place and time for what holds elsewhere.`
    output.result(
      [
        ...(info.earlyStopping ? [stoppingSentence(info.earlyStopping, hasTrees)] : []),
        ...(info.tuning ? tuningLines(info) : []),
        `${hasTrees ? `${info.treeCount} trees` : `A ${modelWords[info.type]}`} on ${info.rows} rows${info.rows < rows ? ` drawn from ${rows}` : ''} (${excluded} left out for a missing value) in ${duration(seconds)}: ${String(options.out)}`,
        ...(info.outOfBag.n > 0 ? [outOfBag] : []),
        importance,
      ].join('\n'),
      { ...trained, seconds },
    )
  },
}

/** Which options each learner takes, the settings they become, and whether they are whole numbers. */
const learnerOptions = {
  forest: [
    ['trees', 'treeCount', true],
    ['minLeaf', 'minLeafSize', true],
    ['perSplit', 'predictorsPerSplit', true],
    ['depth', 'maxDepth', true],
    ['maxDepth', 'maxDepth', true],
  ],
  boosting: [
    ['rounds', 'rounds', true],
    ['minLeaf', 'minChildWeight', true],
    ['depth', 'maxDepth', true],
    ['maxDepth', 'maxDepth', true],
    ['learningRate', 'learningRate', false],
    ['rows', 'rowFraction', false],
    ['columns', 'columnFraction', false],
    ['l2', 'l2', false],
  ],
  linear: [['ridge', 'ridge', false]],
  svr: [
    ['cost', 'cost', false],
    ['gamma', 'gamma', false],
    ['epsilon', 'epsilon', false],
    ['mostRows', 'mostRows', true],
  ],
  mlp: [
    ['epochs', 'epochs', true],
    ['learningRate', 'learningRate', false],
    ['penalty', 'penalty', false],
    ['mostRows', 'mostRows', true],
  ],
} as const

/** @throws usage */
function settingsOf(options: Record<string, unknown>): LearnerSettings {
  const type = String(options.learner)
  if (!isLearner(type))
    throw new LoamError('usage', `--learner "${type}" is no learner; it takes forest, boosting, linear, svr or mlp.`)
  const taken: readonly (readonly [string, string, boolean])[] = learnerOptions[type]
  for (const other of Object.values(learnerOptions).flat())
    if (options[other[0]] !== undefined && !taken.some(([name]) => name === other[0]))
      throw new LoamError('usage', `${flagOf(other[0])} is not for --learner ${type}. Leave it out.`)
  if (type !== 'boosting' && type !== 'mlp' && options.patience !== undefined)
    throw new LoamError('usage', `--patience is for --learner boosting and mlp only. Leave it out.`)
  if (type !== 'mlp' && options.hidden !== undefined)
    throw new LoamError('usage', '--hidden is for --learner mlp only. Leave it out.')
  if (options.leafSamples !== undefined && !options.intervals)
    throw new LoamError('usage', `--leaf-samples goes with --intervals. Give both or neither.`)
  if (type !== 'forest' && options.intervals)
    throw new LoamError('usage', `--intervals is for --learner forest only. Leave it out.`)
  if (type !== 'forest' && options.weights !== undefined)
    throw new LoamError('usage', '--weights is for --learner forest only. Leave it out.')
  if ((type === 'linear' || type === 'mlp') && options.tune)
    throw new LoamError('usage', '--tune is for --learner forest, boosting and svr only. Leave it out.')
  if (options.trials !== undefined && (!options.tune || type === 'svr'))
    throw new LoamError('usage', '--trials goes with --tune, for --learner forest and boosting. Leave it out.')
  if (options.tune && options.groups === undefined)
    throw new LoamError('usage', '--tune and --groups belong together. Give both or neither.')
  if (!options.tune && (options.patience === undefined) !== (options.groups === undefined))
    throw new LoamError('usage', '--patience and --groups belong together. Give both or neither.')
  const given: Record<string, unknown> = { type, ...(type === 'forest' ? { minLeafSize: 10 } : {}) }
  for (const [name, setting, isWhole] of taken)
    if (options[name] !== undefined)
      given[setting] = isWhole ? positive(flagOf(name), options[name]) : Number(options[name])
  if (options.intervals) given.intervals = true
  if (options.leafSamples !== undefined)
    given.leafSamples = options.leafSamples === 'all' ? 'all' : positive('--leaf-samples', options.leafSamples)
  if (options.patience !== undefined)
    given[type === 'mlp' ? 'stopping' : 'earlyStopping'] = { patience: positive('--patience', options.patience) }
  if (options.hidden !== undefined) given.hiddenLayers = String(options.hidden).split(',').map(Number)
  if (options.tune) given.tuning = options.trials === undefined ? {} : { trials: positive('--trials', options.trials) }
  const settings = LearnerSettings.safeParse(given)
  if (settings.success) return settings.data
  const { path, message } = settings.error.issues[0]
  const option = taken.find(([, setting]) => setting === path[0])
  throw new LoamError('usage', `${option ? flagOf(option[0]) : 'An option'}: ${message}.`)
}

function stoppingSentence({ rows, rmse }: { rows: number; rmse: number[] }, hasTrees: boolean): string {
  const rounds = rmse.indexOf(Math.min(...rmse)) + 1
  return `Of ${rmse.length} ${hasTrees ? 'rounds' : 'epochs'} tried, ${rounds} had the lowest RMSE on ${rows} held-out rows: ${rmse[rounds - 1].toPrecision(4)}. Then ${hasTrees ? 'grown' : 'trained'} anew from all rows.`
}

function tuningLines({ tuning, targetUnit }: ModelInfo): string[] {
  const bounds = tuning!.atBound.map(soughtWords).join(' and ')
  return [
    ...tuningSentences(tuning!, targetUnit),
    ...(bounds ? [`The best ${bounds} lies at the end of what was tried; a better one may lie beyond.`] : []),
    'The error that chose the settings is no score: hold out groups that no search has seen for that.',
  ]
}

function isLearner(type: string): type is keyof typeof learnerOptions {
  return type in learnerOptions
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
