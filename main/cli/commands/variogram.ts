import { LoamError } from '../../contract/index.ts'
import {
  chooseVariogram,
  empiricalVariogram,
  formatVariogram,
  readPoints,
  variogramShapes,
} from '../../engine/geostatistics/index.ts'
import type { ChosenVariogram, EmpiricalOptions, ShapeName } from '../../engine/geostatistics/index.ts'
import type { CliCommand } from '../command.ts'
import { lengthOf, pointOptions, pointTableOf } from '../point-options.ts'
import { textTable } from '../text-table.ts'

export const variogramCommand: CliCommand = {
  name: 'variogram',
  summary: 'sample variogram of points, and models fitted to it',
  declare: (command) =>
    pointOptions(command)
      .option('--cutoff <length>', 'largest lag; default a third of the diagonal of the points')
      .option('--width <length>', 'of a lag bin; default cutoff / 15')
      .option('--robust', 'Cressie and Hawkins instead of Matheron')
      .option('--direction <angle±tolerance>', 'degrees clockwise from north, such as 45±22.5 (or 45,22.5)')
      .option('--fit <shapes>', 'fit each of these with a nugget and rank them by leaving points out: sph,exp,gau,mat'),
  async run(_args, options, { output, signal }) {
    const table = pointTableOf(options)
    const lags: EmpiricalOptions = {
      cutoff: lengthOf('--cutoff', options.cutoff),
      width: lengthOf('--width', options.width),
      estimator: options.robust === true ? 'cressie' : 'matheron',
      direction: options.direction === undefined ? undefined : directionOf(String(options.direction)),
      greatCircle: table.greatCircle,
    }
    const parts = options.fit === undefined ? [] : String(options.fit).split(',').map(partOf)
    const { points, withoutValue, averaged } = await readPoints(table, signal)
    const empirical = empiricalVariogram(points, lags)
    const ranked = parts.length === 0 ? [] : await chooseVariogram(points, { ...lags, signal }, parts)
    const short = (value: number): string => String(Number(value.toPrecision(5)))
    const lines = [
      `${points.x.length} points${withoutValue ? `, ${withoutValue} rows without a value` : ''}${averaged ? `, ${averaged} averaged` : ''}; ` +
        `${empirical.estimator === 'cressie' ? 'Cressie and Hawkins' : 'Matheron'}, cutoff ${short(empirical.cutoff)}, width ${short(empirical.width)}`,
      '',
      textTable(
        ['pairs', 'lag', 'semivariance'],
        empirical.bins.map((bin) => [String(bin.pairs), short(bin.lag), short(bin.semivariance)]),
      ),
      ...(ranked.length === 0 ? [] : ['', rankedTable(ranked), ...ranked[0].notes]),
    ]
    output.result(lines.join('\n'), {
      points: points.x.length,
      withoutValue,
      averaged,
      ...empirical,
      models: ranked.map(modelJson),
    })
  },
}

/** Fitted models, best first, with what leaving points out told of each. */
export function rankedTable(ranked: readonly ChosenVariogram[]): string {
  const short = (value: number): string => String(Number(value.toPrecision(4)))
  return textTable(
    ['model', 'fit R²', 'left-out RMSE', 'bias', 'r', 'mean z²'],
    ranked.map(({ model, r2, scores }) => [
      formatVariogram(model, 5),
      short(r2),
      short(scores.rmse),
      short(scores.bias),
      short(scores.pearsonR),
      short(scores.meanSquaredZ),
    ]),
  )
}

export function modelJson({ model, weightedSquares, r2, notes, scores }: ChosenVariogram): unknown {
  const { n, rmse, bias, pearsonR, meanSquaredZ } = scores
  return {
    model: formatVariogram(model, 15),
    weightedSquares,
    r2,
    notes,
    leftOut: { n, rmse, bias, pearsonR, meanSquaredZ },
  }
}

function partOf(text: string): { shape: ShapeName; smoothness?: number } {
  const shape = text.trim().toLowerCase()
  if (!Object.hasOwn(variogramShapes, shape) || shape === 'nug')
    throw new LoamError(
      'usage',
      `--fit "${text}" is no shape. It takes sph, exp, gau, mat, lin; a nugget is always fitted.`,
    )
  return shape === 'mat' ? { shape, smoothness: 1.5 } : { shape: shape as ShapeName }
}

function directionOf(text: string): { angle: number; tolerance: number } {
  const [angle, tolerance = 22.5] = text.split(/[±,]/).map(Number)
  if (Number.isFinite(angle) && tolerance > 0 && tolerance <= 90) return { angle, tolerance }
  throw new LoamError(
    'usage',
    `--direction "${text}" is no direction. Write degrees from north and a tolerance, such as 45,22.5.`,
  )
}
