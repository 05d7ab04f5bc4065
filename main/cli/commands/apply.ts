import { applyToTable } from '../../engine/models/index.ts'
import type { CliCommand } from '../command.ts'

export const applyCommand: CliCommand = {
  name: 'apply',
  summary: 'predict every row of a table',
  declare: (command) =>
    command
      .requiredOption('--model <model>', 'file of `loam train`')
      .requiredOption('--table <csv>', "has the model's predictors as columns")
      .requiredOption('--out <csv>', 'the table with a column `prediction`'),
  async run(_args, options, { output, signal }) {
    const done = await applyToTable({
      modelPath: options.model as string,
      tablePath: options.table as string,
      out: options.out as string,
      signal,
    })
    output.result(`${String(options.out)}: ${done.predicted} of ${done.rows} rows predicted.`, done)
  },
}
