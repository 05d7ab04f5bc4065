import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { TestPartState } from '../../contract/index.ts'
import { Engine, accountName } from '../../engine/engine.ts'
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
      .option('--csv', 'as CSV')
      .option('--open-test', 'open the sealed test part of the run, once; it stays on record')
      .option('--reason <text>', 'why it is opened, with --open-test'),
  async run([project, id], options, { output }) {
    const reason = typeof options.reason === 'string' ? options.reason.trim() : ''
    if (options.openTest && reason.length < 10)
      throw new LoamError(
        'usage',
        '--open-test opens the sealed test part for good, so it needs a --reason of ten letters or more.',
      )
    const engine = await Engine.open(project, options.openTest ? 'write' : 'read')
    try {
      const finished = engine.project.runs().filter((run) => run.state === 'done' || run.state === 'done_with_warnings')
      const run = id ? engine.project.run(id) : finished.at(-1)
      if (!run) throw new LoamError('bad_input', `${project} has no finished run. Start one with \`loam run\`.`)
      if (options.openTest) await engine.openTestPart(run.id, { reason, who: accountName() })
      const test = await engine.testPart(run.id).catch(() => null)
      const rows = engine
        .scores(run.id)
        .filter((row) => options.all || options.csv || row.part === 'overall' || row.part === 'test')
      // The scores are in the project and outlive the run's folder; how its intervals held and it was tuned is only there.
      const results = existsSync(join(run.folder, 'results.json')) ? await readResults(run.folder) : null
      const coverage = results?.coverage ?? []
      const tuning = results?.tuning ?? null
      const unit = coverage.length > 0 ? (await readPlan(run.folder)).recipe.product.unit : ''
      const held = coverage.map((each) => `  ${each.split}: ${coverageSentence(each, unit)}`)
      const made = new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' ')
      const text = options.csv
        ? scoresToCsv(rows).trimEnd()
        : `Run ${run.id}: ${run.name}, made ${made} UTC\n${formatScores(
            rows.filter(({ part }) => part !== 'test'),
            { parts: options.all === true },
          )}${held.length > 0 ? `\n\nIntervals of held-out predictions\n${held.join('\n')}` : ''}${tuning ? `\n\nTuning\n${tuning.sentences.map((line) => `  ${line}`).join('\n')}` : ''}${test ? `\n\n${testText(test, run.id, project)}` : ''}`
      output.result(text, { run: run.id, scores: rows, coverage, tuning, test })
    } finally {
      await engine.close()
    }
  },
}

function testText({ words, opened, others, scores }: TestPartState, run: string, project: string): string {
  const told = opened
    ? [
        `Test part (${words}), opened ${when(opened.atMs)} by ${opened.who}: ${opened.reason}`,
        formatScores(
          scores.map((row) => ({ ...row, part: 'overall' })),
          {},
        ),
        ...opened.verdicts,
      ]
    : [`Test part (${words}): sealed. Open it, once: loam scores ${project} ${run} --open-test --reason "…"`]
  const before = others.map(
    (each) => `The same test part was opened ${when(each.atMs)} by ${each.who} for run ${each.run}: ${each.reason}`,
  )
  return [...told, ...before].join('\n')
}

const when = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
