import { LoamError } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import type { RunRecord } from '../../engine/project/index.ts'
import type { CliCommand } from '../command.ts'
import { followRun, powerOf, powerOptions, tellOutcome } from '../follow-run.ts'

export const resumeCommand: CliCommand = {
  name: 'resume',
  summary: 'go on with a run that was paused, cancelled, killed or ran out of disk',
  declare: (command) =>
    powerOptions(command.argument('<project>').argument('[run]', 'default the newest that was under way')),
  async run([project, id], options, context) {
    const power = powerOf(options)
    const engine = await Engine.open(project, 'write')
    try {
      const run = id ? engine.project.run(id) : newestUnfinished(project, engine.project.runs())
      context.output.note(`Run ${run.id}: ${run.name}`)
      tellOutcome(await engine.run(run.id, power, followRun.hooks(context)), context.output)
    } finally {
      await engine.close()
    }
  },
}

/** The newest run that was under way, else the newest that was only planned. One that failed would fail again, unless
 *  something was mended: it has to be named. */
function newestUnfinished(project: string, runs: readonly RunRecord[]): RunRecord {
  const newest = (...states: RunRecord['state'][]) => runs.filter(({ state }) => states.includes(state)).at(-1)
  const run = newest('running', 'pausing', 'paused', 'cancelling', 'cancelled', 'interrupted') ?? newest('waiting')
  if (run) return run
  const failed = newest('failed')
  throw new LoamError(
    'bad_input',
    `${project} has no unfinished run. ` +
      (failed
        ? `Run ${failed.id} failed; once its cause is mended, name it: loam resume "${project}" ${failed.id}`
        : 'Start one with `loam run`.'),
  )
}
