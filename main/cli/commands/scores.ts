import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import { readPlan, readResults } from '../../engine/runs/index.ts'
import { coverageSentence, formatScores, scoresToCsv } from '../../engine/validation/index.ts'
import type { CliCommand } from '../command.ts'

export const scoresCommand: CliCommand = {
  name: 'scores',
  summary: 'print the scores of a run',
  declare: (command) =>
    command
      .argument('<project>')
      .argument('[run]', 'default the newest finished one')
      .option('--all', 'also each station and month, and inside and outside the area of applicability')
      .option('--csv', 'as CSV'),
  async run([project, id], options, { output }) {
    const engine = await Engine.open(project, 'read')
    try {
      const finished = engine.project.runs().filter((run) => run.state === 'done' || run.state === 'done_with_warnings')
      const run = id ? engine.project.run(id) : finished.at(-1)
      if (!run) throw new LoamError('bad_input', `${project} has no finished run. Start one with \`loam run\`.`)
      const rows = engine.scores(run.id).filter((row) => options.all || options.csv || row.part === 'overall')
      // The scores are in the project and outlive the run's folder; how its intervals held is only there.
      const coverage = existsSync(join(run.folder, 'results.json')) ? (await readResults(run.folder)).coverage : []
      const unit = coverage.length > 0 ? (await readPlan(run.folder)).recipe.product.unit : ''
      const held = coverage.map((each) => `  ${each.split}: ${coverageSentence(each, unit)}`)
      const made = new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' ')
      const text = options.csv
        ? scoresToCsv(rows).trimEnd()
        : `Run ${run.id}: ${run.name}, made ${made} UTC\n${formatScores(rows, { parts: options.all === true })}${held.length > 0 ? `\n\nIntervals of held-out predictions\n${held.join('\n')}` : ''}`
      output.result(text, { run: run.id, scores: rows, coverage })
    } finally {
      await engine.close()
    }
  },
}
