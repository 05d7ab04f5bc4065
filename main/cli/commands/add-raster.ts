import { LoamError } from '../../contract/index.ts'
import { formatDataset } from '../../engine/catalog/index.ts'
import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const addRasterCommand: CliCommand = {
  name: 'add raster',
  summary: 'record a raster series or a static raster as a dataset',
  declare: (command) =>
    command
      .argument('<project>')
      .argument('<path...>', 'a folder, or the files of one product')
      .requiredOption('--name <name>', 'name recipes will use')
      .option('--pattern <glob>', 'files of the folder that belong to it, such as "ndvi_*.tif"')
      .option('--date-rule <rule>', 'YYYYMMDD, YYYYDDD, YYYYMM, bands, netcdf, static; default found and shown')
      .option('--dates <csv>', 'file that gives the date of each band')
      .option('--variable <name>', 'only this variable (NetCDF, HDF) or band name')
      .option('--unit <unit>', 'unit of the values after scale and offset')
      .option('--kind <kind>', 'continuous, circular, decibel or categorical')
      .option('--scale <number>', 'value = stored × scale + offset')
      .option('--offset <number>')
      .option('--nodata <number>', 'stored number that means no value')
      .option('--valid <min..max>', 'values outside are out of range')
      .option('--replace', 'take the place of a dataset of that name'),
  async run([project, ...paths], options, { output }) {
    const engine = await Engine.open(project, 'write')
    try {
      const dataset = await engine.addRasters(
        {
          name: options.name as string,
          paths,
          pattern: options.pattern as string | undefined,
          dateRule: options.dateRule as string | undefined,
          datesFile: options.dates as string | undefined,
          variable: options.variable as string | undefined,
          overrides: {
            ...(options.unit === undefined ? {} : { unit: String(options.unit) }),
            ...(options.kind === undefined ? {} : { kind: kindOf(options.kind) }),
            ...numberOption('scale', options.scale),
            ...numberOption('offset', options.offset),
            ...(options.nodata === undefined ? {} : { nodata: [number('--nodata', options.nodata)] }),
            ...(options.valid === undefined ? {} : { validRange: rangeOf(options.valid) }),
          },
        },
        options.replace === true,
      )
      output.result(formatDataset(dataset), dataset)
    } finally {
      await engine.close()
    }
  },
}

function numberOption(name: 'scale' | 'offset', given: unknown): Record<string, number> {
  if (name === 'scale' && given !== undefined && Number(given) === 0)
    throw new LoamError('usage', '--scale 0 would make every value the same. Give the factor of the stored numbers.')
  return given === undefined ? {} : { [name]: number(`--${name}`, given) }
}

function number(option: string, given: unknown): number {
  const value = Number(given)
  if (String(given).trim() !== '' && Number.isFinite(value)) return value
  throw new LoamError(
    'usage',
    `${option} "${String(given)}" is no number. Write it with a decimal point, such as 0.0001.`,
  )
}

function kindOf(given: unknown): 'continuous' | 'circular' | 'decibel' | 'categorical' {
  if (given === 'continuous' || given === 'circular' || given === 'decibel' || given === 'categorical') return given
  throw new LoamError(
    'usage',
    `--kind ${String(given)} is unknown. Kinds are continuous, circular, decibel, categorical.`,
  )
}

function rangeOf(given: unknown): [number, number] {
  const ends = String(given)
    .split('..')
    .map((text) => number('--valid', text))
  if (ends.length === 2 && ends[0] < ends[1]) return [ends[0], ends[1]]
  throw new LoamError('usage', `--valid "${String(given)}" is no range. Write the least and greatest value, 0..0.6.`)
}
