import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { computeShare } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'
import { followRun, positive } from '../follow-run.ts'

export const partCommand: CliCommand = {
  name: 'part',
  summary: 'compute one share of a planned run; many may go at once',
  declare: (command) =>
    command
      .argument('<folder>', 'of the run, as `loam plan` printed it')
      .option('--task <i>', 'this share, from 0; default the index an array job sets')
      .requiredOption('--of <n>', 'number of shares')
      .option('--threads <n>', 'forest threads'),
  async run([folder], options, context) {
    const share = { task: taskOf(options.task), of: positive('--of', options.of) }
    const threads = options.threads === undefined ? availableParallelism() : positive('--threads', options.threads)
    await computeShare(folder, share, { ...followRun.hooks(context), threads })
    context.output.result(`Share ${share.task} of ${share.of} is done.`, share)
  },
}

/** The share's number: the option, or what a scheduler sets for one task of an array job. */
function taskOf(given: unknown): number {
  const text = given ?? process.env.SLURM_ARRAY_TASK_ID ?? process.env.JOB_COMPLETION_INDEX
  const task = Number(text)
  if (text !== undefined && text !== '' && Number.isInteger(task) && task >= 0) return task
  throw new LoamError(
    'usage',
    'Which share? Give --task, a whole number from 0, or start it as an array job that sets SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX.',
  )
}
