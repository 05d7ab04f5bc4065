import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { duration } from '../output.ts'
import { textTable } from '../text-table.ts'

export const runsCommand: CliCommand = {
  name: 'runs',
  summary: 'list the runs of a project, with the steps of each',
  declare: (command) => command.argument('<project>').argument('[run]', 'only this run'),
  async run([project, only], _options, { output }) {
    const engine = await Engine.open(project, 'read')
    try {
      const { heldBy } = engine.project
      const runs = engine.project
        .runs()
        .filter((run) => !only || run.id === only)
        .map((run) => ({
          ...run,
          // A run that says it is under way while nobody holds the project was killed.
          state: run.state === 'running' && !heldBy ? ('interrupted' as const) : run.state,
          steps: engine.project.steps(run.id),
        }))
      const rows = runs.flatMap((run) => [
        [
          run.id,
          run.name,
          run.state,
          new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' '),
          run.message,
        ],
        ...run.steps.map((step) => [
          '',
          `  ${step.step}`,
          step.state,
          duration(step.seconds),
          `${step.computed} computed, ${step.reused} reused of ${step.total}`,
        ]),
      ])
      const text = runs.length
        ? textTable(['run', 'recipe', 'state', 'made (UTC)', ''], rows)
        : 'No runs yet. Start one with `loam run PROJECT RECIPE`.'
      output.result(text, runs)
    } finally {
      await engine.close()
    }
  },
}
