import { LoamError } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { followRun, powerOf, powerOptions, tellOutcome } from '../follow-run.ts'

export const resumeCommand: CliCommand = {
  name: 'resume',
  summary: 'go on with a run that was cancelled, killed or ran out of disk',
  declare: (command) =>
    powerOptions(command.argument('<project>').argument('[run]', 'default the newest unfinished one')),
  async run([project, id], options, context) {
    const engine = await Engine.open(project, 'write')
    try {
      const unfinished = engine.project
        .runs()
        .filter((run) => run.state !== 'done' && run.state !== 'done_with_warnings')
      const run = id ? engine.project.run(id) : unfinished.at(-1)
      if (!run) throw new LoamError('bad_input', `${project} has no unfinished run. Start one with \`loam run\`.`)
      context.output.note(`Run ${run.id}: ${run.name}`)
      tellOutcome(await engine.run(run.id, powerOf(options), followRun.hooks(context)), context.output)
    } finally {
      await engine.close()
    }
  },
}
