import { resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const reportCommand: CliCommand = {
  name: 'report',
  summary: 'write a finished run as one HTML file: maps, scores, plots, methods, settings, hashes',
  declare: (command) =>
    command
      .argument('<project>')
      .argument('[run]', 'default the newest finished one')
      .option('--out <file>', 'default report.html in the run’s folder'),
  async run([project, id], options, { output, signal }) {
    const engine = await Engine.open(project, 'read')
    try {
      const finished = engine.project.runs().filter((run) => run.state === 'done' || run.state === 'done_with_warnings')
      const run = id ? engine.project.run(id) : finished.at(-1)
      if (!run) throw new LoamError('bad_input', `${project} has no finished run. Start one with \`loam run\`.`)
      const path = await engine.report(run.id, {
        path: options.out === undefined ? undefined : resolve(String(options.out)),
        signal,
      })
      output.result(`Report of run ${run.id}: ${path}`, { run: run.id, path })
    } finally {
      await engine.close()
    }
  },
}
