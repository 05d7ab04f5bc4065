import { askRun } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const cancelCommand: CliCommand = {
  name: 'cancel',
  summary: 'stop a run that another process computes; what is finished is kept',
  declare: (command) => command.argument('<project>').argument('[run]', 'default the one under way'),
  async run([project, id], _options, { output }) {
    const run = await askRun(project, id, 'cancel')
    output.result(`Asked run ${run.id} to stop. \`loam resume ${project} ${run.id}\` goes on with it.`, { run: run.id })
  },
}
