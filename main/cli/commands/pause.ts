import { askRun } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const pauseCommand: CliCommand = {
  name: 'pause',
  summary: 'pause a run that another process computes: parts under way are finished, then it takes no memory',
  declare: (command) => command.argument('<project>').argument('[run]', 'default the one under way'),
  async run([project, id], _options, { output }) {
    const run = await askRun(project, id, 'pause')
    output.result(`Asked run ${run.id} to pause. \`loam resume ${project} ${run.id}\` goes on with it.`, {
      run: run.id,
    })
  },
}
