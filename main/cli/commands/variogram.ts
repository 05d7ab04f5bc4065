import { resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { publishBytes, requireOutputPlace } from '../../engine/files/index.ts'
import {
  choosePooledVariogram,
  chooseVariogram,
  directionalVariograms,
  fitAnisotropy,
  formatVariogram,
  pooledVariogram,
  readDatedPoints,
  readPoints,
  variogramCloud,
  variogramShapes,
} from '../../engine/geostatistics/index.ts'
import type {
  AnisotropicFit,
  ChosenVariogram,
  EmpiricalOptions,
  PointValues,
  ShapeName,
} from '../../engine/geostatistics/index.ts'
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
      .option('--date <column>', 'heading of dates: one variogram for all, of pairs within a date')
      .option('--anisotropy <shape>', 'fit the direction of the longest range and its ratio to the shortest as well')
      .option('--cloud <csv>', 'write every pair: both points, lag, half the squared difference')
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
    const cloudPath = options.cloud === undefined ? null : resolve(String(options.cloud))
    if (cloudPath !== null) await requireOutputPlace(cloudPath, [table.path])
    const { dates, withoutValue, averaged } =
      options.date === undefined
        ? await singleDate(readPoints(table, signal))
        : await datesOf(readDatedPoints(table, String(options.date), signal))
    if (cloudPath !== null && dates.length > 1)
      throw new LoamError(
        'usage',
        '--cloud shows the pairs of one date. Leave --date out, or give a table of one date.',
      )
    const empirical = pooledVariogram(dates, lags)
    const choosing = { ...lags, signal }
    const ranked =
      parts.length === 0
        ? []
        : dates.length === 1
          ? await chooseVariogram(dates[0], choosing, parts)
          : await choosePooledVariogram(dates, choosing, parts)
    const turned =
      options.anisotropy === undefined
        ? null
        : fitAnisotropy(directionalVariograms(dates, lags), partOf(String(options.anisotropy)))
    if (cloudPath !== null) await publishBytes(cloudPath, cloudText(dates[0], lags))
    const short = (value: number): string => String(Number(value.toPrecision(5)))
    const points = dates.reduce((sum, { x }) => sum + x.length, 0)
    const lines = [
      `${points} points${dates.length > 1 ? ` on ${dates.length} dates` : ''}${withoutValue ? `, ${withoutValue} rows without a value` : ''}${averaged ? `, ${averaged} averaged` : ''}; ` +
        `${empirical.estimator === 'cressie' ? 'Cressie and Hawkins' : 'Matheron'}, cutoff ${short(empirical.cutoff)}, width ${short(empirical.width)}`,
      '',
      textTable(
        ['pairs', 'lag', 'semivariance'],
        empirical.bins.map((bin) => [String(bin.pairs), short(bin.lag), short(bin.semivariance)]),
      ),
      ...(ranked.length === 0 ? [] : ['', rankedTable(ranked), ...ranked[0].notes]),
      ...(turned ? ['', anisotropyLine(turned), ...turned.notes] : []),
    ]
    output.result(lines.join('\n'), {
      points,
      dates: dates.length,
      withoutValue,
      averaged,
      ...empirical,
      models: ranked.map(modelJson),
      anisotropic: turned && {
        model: formatVariogram(turned.model, 15),
        weightedSquares: turned.weightedSquares,
        isotropicSquares: turned.isotropicSquares,
        r2: turned.r2,
      },
    })
  },
}

interface PointDates {
  readonly dates: readonly PointValues[]
  readonly withoutValue: number
  readonly averaged: number
}

async function singleDate(reading: ReturnType<typeof readPoints>): Promise<PointDates> {
  const { points, ...counts } = await reading
  return { dates: [points], ...counts }
}

async function datesOf(reading: ReturnType<typeof readDatedPoints>): Promise<PointDates> {
  const { dates, ...counts } = await reading
  return { dates: dates.map(({ points }) => points), ...counts }
}

function anisotropyLine({ model, r2, weightedSquares, isotropicSquares }: AnisotropicFit): string {
  const gain = 100 * (1 - weightedSquares / isotropicSquares)
  return `${formatVariogram(model, 5)}: R² ${r2.toPrecision(4)} over eight directions; weighted squares ${gain.toFixed(1)} % below those without anisotropy.`
}

function cloudText(points: PointValues, options: EmpiricalOptions): string {
  const rows = variogramCloud(points, options).map(
    ({ from, to, lag, semivariance }) => `${from + 1},${to + 1},${lag},${semivariance}`,
  )
  return ['from,to,lag,semivariance', ...rows, ''].join('\n')
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
