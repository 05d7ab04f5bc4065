import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { textTable } from '../text-table.ts'

export const showCommand: CliCommand = {
  name: 'show',
  summary: 'list what a project holds',
  declare: (command) => command.argument('<project>'),
  async run([path], _options, { output }) {
    const engine = await Engine.open(path, 'read')
    try {
      const { project } = engine
      const datasets = project.datasets().map(({ name }) => project.storedDataset(name))
      const stations = project.stationSets().map(({ name }) => project.stationSet(name))
      const rows = [
        ...datasets.map((dataset) => {
          const days = dataset.scenes.flatMap(({ day }) => (day === null ? [] : [day])).sort()
          return [
            dataset.name,
            'raster',
            dataset.variables.map(({ name, unit }) => (unit ? `${name} [${unit}]` : name)).join(', '),
            `${dataset.grid.rows} × ${dataset.grid.cols}, ${dataset.grid.crs.slice(0, 24)}`,
            days.length ? `${new Set(days).size} days, ${days[0]} … ${days.at(-1)}` : 'static',
          ]
        }),
        ...stations.map((set) => [
          set.name,
          'stations',
          [...new Set(set.variables.map(({ name, unit }) => (unit ? `${name} [${unit}]` : name)))].join(', '),
          `${set.stations.length} stations`,
          '',
        ]),
      ]
      const text = rows.length
        ? textTable(['name', 'is', 'variables', 'where', 'when'], rows)
        : 'The project is empty. Add data with `loam add raster` and `loam add stations`.'
      const held = project.heldBy ? `\nOpen for writing in another process: pid ${project.heldBy.pid}.` : ''
      const notes = project.notes().map(({ text: note }) => `\n- ${note}`)
      output.result(text + held + notes.join(''), {
        info: project.info,
        datasets,
        stations,
        notes: project.notes(),
        heldBy: project.heldBy,
      })
    } finally {
      await engine.close()
    }
  },
}
