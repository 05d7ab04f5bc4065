import { ClosureGate, LoamError } from '../../contract/index.ts'
import { parseVariogram, residualMethods } from '../../engine/geostatistics/index.ts'
import type { ResidualMethod } from '../../engine/geostatistics/index.ts'
import { downscaleFile } from '../../engine/products/index.ts'
import type { DownscaledFile } from '../../engine/products/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'
import { duration, size } from '../output.ts'

export const downscaleCommand: CliCommand = {
  name: 'downscale',
  summary: 'correct a fine trend so that it averages to a coarse map',
  declare: (command) =>
    command
      .requiredOption('--coarse <tif>', 'the coarse map')
      .requiredOption('--trend <tif>', 'the fine map that is corrected, such as a model’s prediction')
      .option(
        '--residual <method>',
        `how residuals reach the fine cells: ${Object.keys(residualMethods).join(', ')}`,
        'atp',
      )
      .option(
        '--variogram <model>',
        'auto, or a model such as "sph(0.002,60000)": of points for atp, of coarse cells for krige',
        'auto',
      )
      .option('--neighbours <n>', 'coarse cells that each is kriged from', '25')
      .option(
        '--area-points <n>',
        'atp: take each coarse cell as n × n regular points, as gstat does, not as its fine cells',
      )
      .option('--clamp <low,high>', 'cut the result to these values; the closure is then that of the cut map')
      .option(
        '--gate <what>',
        'a map that does not average to the coarse one, by atp: stop (but where --clamp cut values), strict (there too), warn',
        'stop',
      )
      .option('--variance', 'add a band with the kriging variance of the residual (atp)')
      .option('--closure <tif>', 'also write aggregated fine − coarse, on the coarse grid, whatever the gate says')
      .option('--coarse-band <n>', 'band of the coarse map', '1')
      .option('--trend-band <n>', 'band of the trend', '1')
      .option('--threads <n>', 'default one per core')
      .requiredOption('--out <tif>', 'GeoTIFF to write'),
  async run(_args, options, { output, signal }) {
    const started = performance.now()
    const method = methodOf(String(options.residual))
    const text = String(options.variogram)
    const done = await downscaleFile({
      coarsePath: String(options.coarse),
      trendPath: String(options.trend),
      coarseBand: positive('--coarse-band', options.coarseBand),
      trendBand: positive('--trend-band', options.trendBand),
      method,
      neighbours: positive('--neighbours', options.neighbours),
      variogram: text === 'auto' ? undefined : parseVariogram(text),
      areaPoints: options.areaPoints === undefined ? undefined : positive('--area-points', options.areaPoints),
      limits: options.clamp === undefined ? undefined : limitsOf(String(options.clamp)),
      variance: options.variance === true,
      gate: gateOf(String(options.gate)),
      closurePath: options.closure === undefined ? undefined : String(options.closure),
      threads: options.threads === undefined ? undefined : positive('--threads', options.threads),
      out: String(options.out),
      signal,
      onProgress: (share) => output.progress(`  bringing residuals to the fine cells: ${(share * 100).toFixed(0)} %`),
    })
    const seconds = (performance.now() - started) / 1000
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
    const lines = [
      `${String(options.out)}: ${done.validCells} of ${done.cells} cells have a value; ${residualMethods[method].title}` +
        `${done.variogramWords === '' ? '' : `, variogram ${done.variogramWords}`}; ${duration(seconds)}, peak memory ${size(peakMemoryBytes)}.`,
      closureLine(done),
      ...(done.uncorrected > 0 ? [`${done.uncorrected} cells keep the trend: no residual reaches them.`] : []),
      ...(done.clamped > 0 ? [`${done.clamped} cells were cut to the limits.`] : []),
    ]
    const warning = warningOf(method, done, options.areaPoints !== undefined)
    if (warning) output.note(`warning: ${warning}`)
    output.result(lines.join('\n'), { ...done, method, warnings: warning ? [warning] : [], seconds, peakMemoryBytes })
  },
}

function closureLine({ coarseCells, closure }: DownscaledFile): string {
  const { largest, meanAbsolute } = closure
  return `Closure over ${coarseCells} coarse cells: aggregated fine − coarse is at most ${largest.toExponential(1)}, ${meanAbsolute.toExponential(1)} on average.`
}

/** Only area-to-point kriging promises to close. */
function warningOf(
  method: ResidualMethod,
  { isClosed, clamped, closure }: DownscaledFile,
  isByPoints: boolean,
): string | null {
  if (isClosed || !residualMethods[method].isCoherent) return null
  const why =
    clamped > 0
      ? `because ${clamped} cells were cut to the limits`
      : isByPoints
        ? 'because coarse cells were taken as regular points'
        : 'although the method should'
  return `the map does not average to the coarse values to ${closure.tolerance.toExponential(0)}: it is off by up to ${closure.largest.toExponential(1)}, ${why}.`
}

function methodOf(text: string): ResidualMethod {
  if (Object.hasOwn(residualMethods, text)) return text as ResidualMethod
  throw new LoamError('usage', `--residual ${text} is unknown. Give one of ${Object.keys(residualMethods).join(', ')}.`)
}

function gateOf(text: string): ClosureGate {
  const found = ClosureGate.safeParse(text)
  if (found.success) return found.data
  throw new LoamError('usage', `--gate ${text} is unknown. Give one of ${ClosureGate.options.join(', ')}.`)
}

function limitsOf(text: string): [number, number] {
  const numbers = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)))
  if (numbers.length === 2 && numbers[0] < numbers[1]) return [numbers[0], numbers[1]]
  throw new LoamError('usage', `--clamp "${text}" needs two numbers, the lower first, such as 0,0.6.`)
}
