import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const newCommand: CliCommand = {
  name: 'new',
  summary: 'make an empty project file',
  declare: (command) =>
    command
      .argument('<project>', 'path of the new file, name.loam')
      .option('--name <text>', 'name shown; default that of the file'),
  async run([project], options, { output }) {
    const engine = await Engine.create(project, options.name as string | undefined)
    const { info, path } = engine.project
    await engine.close()
    output.result(`Made project "${info.name}": ${path}`, { project: path, name: info.name })
  },
}
