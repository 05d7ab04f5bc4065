import { Engine } from '../../engine/engine.ts'
import { formatStationSet } from '../../engine/stations/index.ts'
import type { CliCommand } from '../command.ts'
import { stationTableOptions, tableOptionsOf } from '../station-table-options.ts'

export const addStationsCommand: CliCommand = {
  name: 'add stations',
  summary: 'record station observations: a table, or ISMN files, a folder or zip of them',
  declare: (command) =>
    stationTableOptions(
      command
        .argument('<project>')
        .argument('<path>', 'CSV table; with --ismn a file, folder or zip')
        .requiredOption('--name <name>', 'name recipes will use')
        .option('--ismn', 'the files are in a format of the International Soil Moisture Network')
        .option('--replace', 'take the place of a set of that name')
        .option('--all', 'list every station, not the first twelve'),
    ),
  async run([project, path], options, { output }) {
    const engine = await Engine.open(project, 'write')
    try {
      const name = options.name as string
      const { set, observations } = await engine.addStations(
        options.ismn ? { format: 'ismn', name, path } : { format: 'table', name, path, table: tableOptionsOf(options) },
        options.replace === true,
      )
      const text = formatStationSet(set, observations, options.all ? Infinity : undefined)
      output.result(text, { set, observations: observations.value.length })
    } finally {
      await engine.close()
    }
  },
}
