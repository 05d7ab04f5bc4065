import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { trainFromTable } from '../../engine/models/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'
import { duration } from '../output.ts'
import { textTable } from '../text-table.ts'

export const trainCommand: CliCommand = {
  name: 'train',
  summary: 'train a forest on a table of your own',
  declare: (command) =>
    command
      .requiredOption('--table <csv>', 'one row per sample, columns named in the first line')
      .requiredOption('--target <column>')
      .option('--predictors <a,b,…>', 'columns; default all but the target')
      .option('--trees <n>', 'number of trees', '126')
      .option('--min-leaf <n>', 'least rows in a leaf', '10')
      .option('--per-split <n>', 'predictors tried at a split; default all')
      .option('--max-depth <n>', 'deepest level', '64')
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
      settings: {
        type: 'forest',
        treeCount: positive('--trees', options.trees),
        minLeafSize: positive('--min-leaf', options.minLeaf),
        maxDepth: positive('--max-depth', options.maxDepth),
        sampleFraction: 1,
        ...(options.perSplit === undefined ? {} : { predictorsPerSplit: positive('--per-split', options.perSplit) }),
      },
      seed,
      threads: options.threads === undefined ? availableParallelism() : positive('--threads', options.threads),
      out: options.out as string,
      signal,
      onProgress: (fraction: number) => output.progress(`  training: ${(fraction * 100).toFixed(0)} %`),
    })
    const seconds = (performance.now() - started) / 1000
    const { info, rows, excluded } = trained
    const importance = textTable(
      ['predictor', 'impurity', 'permutation'],
      info.predictors.map((name, i) => [
        name,
        info.importance.impurity[i].toFixed(3),
        info.importance.permutation[i].toExponential(2),
      ]),
    )
    output.result(
      [
        `${info.treeCount} trees on ${rows} rows (${excluded} left out for a missing value) in ${duration(seconds)}: ${String(options.out)}`,
        `Out-of-bag RMSE ${info.outOfBag.rmse.toPrecision(4)}, R² ${info.outOfBag.rSquared.toFixed(3)} (n ${info.outOfBag.n}). Rows of one place or day stand on both sides of this; validate by place and time for what holds elsewhere.`,
        importance,
      ].join('\n'),
      { ...trained, seconds },
    )
  },
}
