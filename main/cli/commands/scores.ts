import { LoamError } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import { formatScores, scoresToCsv } from '../../engine/validation/index.ts'
import type { CliCommand } from '../command.ts'

export const scoresCommand: CliCommand = {
  name: 'scores',
  summary: 'print the scores of a run',
  declare: (command) =>
    command
      .argument('<project>')
      .argument('[run]', 'default the newest finished one')
      .option('--all', 'also each station and month')
      .option('--csv', 'as CSV'),
  async run([project, id], options, { output }) {
    const engine = await Engine.open(project, 'read')
    try {
      const finished = engine.project.runs().filter((run) => run.state === 'done' || run.state === 'done_with_warnings')
      const run = id ? engine.project.run(id) : finished.at(-1)
      if (!run) throw new LoamError('bad_input', `${project} has no finished run. Start one with \`loam run\`.`)
      const rows = engine.scores(run.id).filter((row) => options.all || options.csv || row.part === 'overall')
      const made = new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' ')
      const text = options.csv
        ? scoresToCsv(rows).trimEnd()
        : `Run ${run.id}: ${run.name}, made ${made} UTC\n${formatScores(rows, { parts: options.all === true })}`
      output.result(text, { run: run.id, scores: rows })
    } finally {
      await engine.close()
    }
  },
}
