import { LoamError } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { formatVariogram, krigeToFile, krigeToTable, parseVariogram } from '../../engine/geostatistics/index.ts'
import type { KrigingPlan } from '../../engine/geostatistics/index.ts'
import { gridFromExtent, gridOfFile } from '../../engine/raster/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'
import { duration, size } from '../output.ts'
import { lengthOf, pointOptions, pointTableOf } from '../point-options.ts'
import { modelJson, rankedTable } from './variogram.ts'

export const krigeCommand: CliCommand = {
  name: 'krige',
  summary: 'map points by kriging: prediction and its variance',
  declare: (command) =>
    pointOptions(command)
      .option('--grid <tif|xmin,ymin,xmax,ymax,size>', 'cells to krige: those of a raster, or of an extent in --crs')
      .option('--at <csv>', 'places to krige instead, with the headings of --x and --y; writes a table')
      .option('--model <model>', 'auto, or a model such as "sph(0.59,897)+nug(0.05)"', 'auto')
      .option(
        '--drift <columns>',
        'what the mean depends on, comma between: x, y, rasters on the same grid, column=raster; with --at columns',
      )
      .option('--block <length>', 'predict means of squares of this side instead of points')
      .option(
        '--neighbours <n|all>',
        'krige each cell from its nearest points; default from all where memory and time allow',
      )
      .option('--max-distance <length>', 'points farther from a cell are not taken')
      .option('--mean <value>', 'the mean is known: simple kriging')
      .option(
        '--residuals-of <tif>',
        "regression kriging: krige what the points differ from a model's map on the same grid",
      )
      .option('--prediction-only', 'no variance: a tenth of the time from all points')
      .option('--threads <n>', 'default one per core')
      .requiredOption('--out <file>', 'GeoTIFF to write, with --at CSV: prediction and variance'),
  async run(_args, options, { output, signal }) {
    const started = performance.now()
    const points = pointTableOf(options)
    const text = String(options.model)
    const onPlan = ({ seconds, bytes, note }: KrigingPlan): void => {
      if (note !== null) output.progress(note)
      output.progress(`  about ${duration(seconds)}, ${size(bytes)} to solve`)
    }
    const common = {
      points,
      model: text === 'auto' ? ('auto' as const) : parseVariogram(text),
      drift: listOf(options.drift),
      block: lengthOf('--block', options.block),
      neighbours: neighboursOf(options.neighbours),
      maxDistance: lengthOf('--max-distance', options.maxDistance),
      mean: numberOf('--mean', options.mean),
      variance: options.predictionOnly !== true,
      threads: options.threads === undefined ? undefined : positive('--threads', options.threads),
      out: String(options.out),
      signal,
      onPlan,
    }
    if ((options.grid === undefined) === (options.at === undefined))
      throw new LoamError('usage', 'Say where to krige: --grid for a map, or --at for a table of places, one of them.')
    if (options.at !== undefined && options.residualsOf !== undefined)
      throw new LoamError('usage', '--residuals-of is a map; it goes with --grid. Leave it or --at out.')
    const done =
      options.at !== undefined
        ? await krigeToTable({ ...common, at: String(options.at) })
        : await krigeToFile({
            ...common,
            grid: await gridFrom(String(options.grid), points.crs),
            trend: options.residualsOf === undefined ? undefined : String(options.residualsOf),
            onProgress: (share) => output.progress(`  kriging: ${(share * 100).toFixed(0)} %`),
          })
    const seconds = (performance.now() - started) / 1000
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
    const { candidates, model, ...counts } = done
    output.result(
      [
        ...(candidates.length === 0 ? [] : [rankedTable(candidates), '']),
        ...(done.plan.note === null ? [] : [done.plan.note]),
        `${String(options.out)}: ${done.validCells} of ${done.cells} cells have a value, from ${done.stations} points with ${formatVariogram(model)}; ` +
          `${duration(seconds)}, peak memory ${size(peakMemoryBytes)}.`,
      ].join('\n'),
      { ...counts, model: formatVariogram(model, 15), candidates: candidates.map(modelJson), seconds, peakMemoryBytes },
    )
  },
}

function listOf(given: unknown): string[] {
  return given === undefined
    ? []
    : String(given)
        .split(',')
        .map((name) => name.trim())
}

function neighboursOf(given: unknown): number | 'all' | undefined {
  if (given === undefined || given === 'all') return given
  return positive('--neighbours', given)
}

/** @throws usage */
function numberOf(option: string, given: unknown): number | undefined {
  if (given === undefined) return undefined
  const number = Number(given)
  if (Number.isFinite(number) && String(given).trim() !== '') return number
  throw new LoamError('usage', `${option} "${String(given)}" is not a number. Write it with a decimal point.`)
}

/** The grid of a raster, or of an extent with a cell size. */
async function gridFrom(text: string, crs: string): Promise<Grid> {
  const numbers = text.split(',').map((word) => (word.trim() === '' ? NaN : Number(word)))
  if (numbers.some(Number.isNaN)) return gridOfFile(text)
  if (numbers.length !== 5)
    throw new LoamError(
      'usage',
      `--grid "${text}" has ${numbers.length} numbers. Give a raster, or xmin,ymin,xmax,ymax,size.`,
    )
  const [west, south, east, north, cellSize] = numbers
  return gridFromExtent(crs, cellSize, [west, south, east, north])
}
