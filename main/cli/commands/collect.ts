import { resolve } from 'node:path'
import { Engine, ownerOf } from '../../engine/engine.ts'
import { formatScores } from '../../engine/validation/index.ts'
import type { CliCommand } from '../command.ts'
import { followRun } from '../follow-run.ts'

export const collectCommand: CliCommand = {
  name: 'collect',
  summary: 'end a run whose shares are computed: publish, score, record in the project',
  declare: (command) => command.argument('<folder>', 'of the run, as `loam plan` printed it'),
  async run([folder], _options, context) {
    const { project, runId } = await ownerOf(resolve(folder))
    const engine = await Engine.open(project, 'write')
    try {
      const results = await engine.collect(runId, followRun.hooks(context))
      const maps = results.files.filter((file) => file.kind === 'map').length
      context.output.result(
        [formatScores(results.scores), ...results.verdicts, '', `${maps} daily maps in ${resolve(folder)}/maps`].join(
          '\n',
        ),
        { run: runId, ...results },
      )
    } finally {
      await engine.close()
    }
  },
}
