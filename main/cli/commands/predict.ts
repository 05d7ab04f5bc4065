import { availableParallelism } from 'node:os'
import { basename, join, parse } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { predictStacks } from '../../engine/products/index.ts'
import type { StackToMap } from '../../engine/products/index.ts'
import type { CliCommand } from '../command.ts'
import { positive } from '../follow-run.ts'
import { duration, size } from '../output.ts'

export const predictCommand: CliCommand = {
  name: 'predict',
  summary: 'map a model over a stack of named bands, or over several',
  declare: (command) =>
    command
      .requiredOption('--model <model>', 'file of `loam train`')
      .requiredOption('--raster <tif...>', 'bands are bound by name, in any order; several for several days')
      .option('--out <tif>', 'map of one raster: value band and reason band')
      .option('--out-dir <folder>', 'maps under the names of their rasters; bands equal from day to day are read once')
      .option(
        '--quantiles <q,…>',
        'also map_q05.tif … and map_sd.tif, for a forest trained with --intervals: 0.05,0.5,0.95',
      )
      .option('--threads <n>', 'default one per core'),
  async run(_args, options, { output, signal }) {
    const started = performance.now()
    const quantiles = options.quantiles === undefined ? [] : quantilesOf(String(options.quantiles))
    const stacks = stacksOf(options.raster as string[], options.out, options.outDir)
    const done = await predictStacks({
      quantiles,
      modelPath: options.model as string,
      stacks,
      threads: options.threads === undefined ? availableParallelism() : positive('--threads', options.threads),
      signal,
      onProgress: (fraction: number) => output.progress(`  predicting: ${(fraction * 100).toFixed(0)} %`),
    })
    const seconds = (performance.now() - started) / 1000
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
    const facts = { seconds, peakMemoryBytes }
    output.result(
      stacks
        .map(({ out }, i) => `${out}: ${done[i].validCells} of ${done[i].cells} cells have a value`)
        .join('\n')
        .concat(`; ${duration(seconds)}, peak memory ${size(peakMemoryBytes)}.`),
      options.out === undefined
        ? { maps: stacks.map(({ out }, i) => ({ path: out, ...done[i] })), ...facts }
        : { ...done[0], ...facts },
    )
  },
}

/** @throws usage */
function stacksOf(rasters: readonly string[], out: unknown, outDir: unknown): StackToMap[] {
  if ((out === undefined) === (outDir === undefined))
    throw new LoamError(
      'usage',
      'Give either --out, the map of one raster, or --out-dir, the folder for maps of several.',
    )
  if (typeof outDir !== 'string') {
    if (rasters.length > 1)
      throw new LoamError(
        'usage',
        `--out names one map, but there are ${rasters.length} rasters. Give --out-dir instead.`,
      )
    return [{ rasterPath: rasters[0], out: String(out) }]
  }
  const stacks = rasters.map((rasterPath) => ({ rasterPath, out: join(outDir, `${parse(rasterPath).name}.tif`) }))
  const twice = stacks.find((stack, i) => stacks.findIndex((other) => other.out === stack.out) !== i)
  if (twice)
    throw new LoamError(
      'usage',
      `Two rasters are called "${basename(twice.rasterPath)}", and their maps would be ${twice.out} both. Map them into different folders.`,
    )
  return stacks
}

/** @throws usage */
function quantilesOf(text: string): number[] {
  const quantiles = text.split(',').map(Number)
  const bad = quantiles.find((value, i) => !(value >= 0.001 && value <= 0.999) || quantiles.indexOf(value) !== i)
  if (bad === undefined) return quantiles
  throw new LoamError('usage', `--quantiles "${text}" needs different numbers from 0.001 to 0.999, as 0.05,0.5,0.95.`)
}
