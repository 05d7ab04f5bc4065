import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { publishBytes, requireOutputPlace } from '../../engine/files/index.ts'
import { readModelFile, rowsForModel } from '../../engine/models/index.ts'
import { accumulatedLocalEffects, partialDependence } from '../../engine/validation/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'

const kinds = { ale: accumulatedLocalEffects, pdp: partialDependence }

export const effectsCommand: CliCommand = {
  name: 'effects',
  summary: 'how the prediction changes with one predictor: accumulated local effects or partial dependence',
  declare: (command) =>
    command
      .requiredOption('--model <model>', 'file of `loam train` or of a run')
      .requiredOption('--table <csv>', 'rows to look at, as those the model was trained on')
      .requiredOption('--predictor <name>')
      .option('--kind <ale|pdp>', 'ale holds where predictors hang together', 'ale')
      .option('--points <n>', 'quantiles of the predictor, at most', '41')
      .option('--threads <n>', 'default one per core')
      .requiredOption('--out <csv>', 'value, effect, rows'),
  async run(_args, options, { output, signal }) {
    const [modelPath, tablePath, out, predictor] = ['model', 'table', 'out', 'predictor'].map((name) =>
      String(options[name]),
    )
    await requireOutputPlace(out, [modelPath, tablePath])
    const kind = String(options.kind)
    if (!(kind === 'ale' || kind === 'pdp'))
      throw new LoamError('usage', `--kind "${kind}" is neither ale nor pdp. Give one of them.`)
    const points = positive('--points', options.points)
    if (points < 2) throw new LoamError('usage', '--points 1 is too few for a curve. Give at least 2.')
    const threads = options.threads === undefined ? availableParallelism() : positive('--threads', options.threads)
    const model = await readModelFile(modelPath)
    const place = model.predictors.indexOf(predictor)
    if (place < 0)
      throw new LoamError(
        'missing_predictor',
        `The model has no predictor "${predictor}"; it has ${model.predictors.join(', ')}. Give one of these.`,
      )
    const { columns, excluded } = await rowsForModel(model, tablePath, signal)
    const predict = (own: Float32Array[]): Promise<Float32Array> =>
      model.predict(own, own[0].length, threads, { signal })
    const curve = await kinds[kind](predict, columns, place, points)
    const lines = curve.values.map((value, k) => [value, curve.effects[k], curve.rows[k]].join(','))
    await publishBytes(out, `${[`${predictor},effect,rows`, ...lines].join('\n')}\n`)
    const range = Math.max(...curve.effects) - Math.min(...curve.effects)
    output.result(
      `${out}: ${curve.values.length} points of ${predictor} on ${columns[0].length} rows (${excluded} left out for a missing value); the effect spans ${`${range.toPrecision(3)} ${model.info.targetUnit}`.trim()}.`,
      { ...curve, excluded },
    )
  },
}
