import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { predictStack } from '../../engine/products/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'
import { duration, size } from '../output.ts'

export const predictCommand: CliCommand = {
  name: 'predict',
  summary: 'map a model over a stack of named bands',
  declare: (command) =>
    command
      .requiredOption('--model <model>', 'file of `loam train`')
      .requiredOption('--raster <tif>', 'bands are bound by name, in any order')
      .requiredOption('--out <tif>', 'map: value band and reason band')
      .option(
        '--quantiles <q,…>',
        'also map_q05.tif … and map_sd.tif, for a forest trained with --intervals: 0.05,0.5,0.95',
      )
      .option('--threads <n>', 'default one per core'),
  async run(_args, options, { output, signal }) {
    const started = performance.now()
    const quantiles = options.quantiles === undefined ? [] : quantilesOf(String(options.quantiles))
    const done = await predictStack({
      quantiles,
      modelPath: options.model as string,
      rasterPath: options.raster as string,
      out: options.out as string,
      threads: options.threads === undefined ? availableParallelism() : positive('--threads', options.threads),
      signal,
      onProgress: (fraction: number) => output.progress(`  predicting: ${(fraction * 100).toFixed(0)} %`),
    })
    const seconds = (performance.now() - started) / 1000
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
    output.result(
      `${String(options.out)}: ${done.validCells} of ${done.cells} cells have a value; ${duration(seconds)}, peak memory ${size(peakMemoryBytes)}.`,
      { ...done, seconds, peakMemoryBytes },
    )
  },
}

/** @throws usage */
function quantilesOf(text: string): number[] {
  const quantiles = text.split(',').map(Number)
  const bad = quantiles.find((value, i) => !(value >= 0.001 && value <= 0.999) || quantiles.indexOf(value) !== i)
  if (bad === undefined) return quantiles
  throw new LoamError('usage', `--quantiles "${text}" needs different numbers from 0.001 to 0.999, as 0.05,0.5,0.95.`)
}
