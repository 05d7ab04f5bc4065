import { describeFile, formatDescription } from '../../engine/catalog/index.ts'
import type { CliCommand } from '../command.ts'

export const describeCommand: CliCommand = {
  name: 'describe',
  summary: 'say what Loam understands of a raster or station file',
  declare: (command) => command.argument('<file...>', 'rasters, station tables, ISMN files or zips'),
  async run(files, _options, { output }) {
    const descriptions = []
    for (const file of files) descriptions.push(await describeFile(file))
    output.result(descriptions.map(formatDescription).join('\n\n'), descriptions)
  },
}
