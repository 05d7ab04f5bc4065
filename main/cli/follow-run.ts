import { totalmem } from 'node:os'
import type { Command } from 'commander'
import { LoamError } from '../contract/index.ts'
import type { RunEvent } from '../contract/index.ts'
import type { RunHooks, RunOutcome, RunPower } from '../engine/engine.ts'
import type { StepEstimate } from '../engine/runs/index.ts'
import { formatScores } from '../engine/validation/index.ts'
import type { CommandContext } from './command.ts'
import { duration, size } from './output.ts'
import type { Output } from './output.ts'
import { textTable } from './text-table.ts'

const mostWorkers = 1024
/** MB: more than any machine has. */
const mostCache = 1_000_000

export function powerOptions(command: Command): Command {
  return command
    .option('--workers <n>', 'worker processes; default one per core')
    .option('--cache <MB>', 'memory of one worker for decoded input, default 192')
}

export function powerOf(options: Record<string, unknown>): RunPower {
  return {
    workers: options.workers === undefined ? undefined : positive('--workers', options.workers, mostWorkers),
    cacheBytes: options.cache === undefined ? undefined : positive('--cache', options.cache, mostCache) * 1e6,
  }
}

/** A whole number from 1 up given to an option.
 *  @throws usage */
export function positive(option: string, given: unknown, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(given)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  const range = most === Number.MAX_SAFE_INTEGER ? 'from 1 up' : `from 1 to ${most}`
  throw new LoamError('usage', `${option} "${String(given)}" is no count; it needs a whole number ${range}.`)
}

export const stepTitles = {
  prepare: 'Check inputs',
  samples: 'Training rows',
  train: 'Train',
  crossValidate: 'Cross-validate',
  predict: 'Predict tiles',
  publish: 'Publish maps',
  validate: 'Compare',
} as const

/** Hooks that tell a run's way on the terminal. */
function hooks({ output, signal }: CommandContext): RunHooks {
  return {
    signal,
    onEstimate: (estimate) => tellEstimate(estimate, output, false),
    onEvent: (event) => tellEvent(event, output),
  }
}

function tellEvent(event: RunEvent, output: Output): void {
  if (event.event === 'progress') {
    const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`
    output.progress(`  ${stepTitles[event.step]}: ${event.done} of ${event.total}${left}`)
  } else if (event.event === 'step' && event.state === 'done')
    output.note(
      `  ${stepTitles[event.step].padEnd(15)} ${event.computed} computed, ${event.reused} reused of ${event.total}  ${duration(event.seconds)}`,
    )
  else if (event.event === 'warning') output.note(`  warning: ${event.message}`)
}

function tellEstimate(estimate: StepEstimate, output: Output, isResult: boolean): void {
  const { secondsFrom, secondsTo, peakMemoryBytes, diskBytes, freeDiskBytes, blocks, blocksReused } = estimate
  const text =
    `Estimate: ${duration(secondsFrom)} to ${duration(secondsTo)}, memory ${size(peakMemoryBytes)}, ` +
    `disk ${size(diskBytes)} of ${size(freeDiskBytes)} free, ${blocksReused} of ${blocks} parts reused`
  if (isResult) output.result(text, estimate)
  else output.note(text)
  if (peakMemoryBytes > totalmem())
    output.note(
      `  warning: the memory may not do: ${size(peakMemoryBytes)} at most, the machine has ${size(totalmem())}. Fewer --workers need less.`,
    )
  if (diskBytes > freeDiskBytes)
    output.note(`  warning: the maps may not fit: ${size(diskBytes)} needed at most, ${size(freeDiskBytes)} free.`)
}

export function tellOutcome(outcome: RunOutcome, output: Output): void {
  const { run, results, peakMemoryBytes, seconds } = outcome
  const maps = results.files.filter((file) => file.kind === 'map' && file.layer === undefined)
  const text = [
    formatScores(results.scores),
    ...results.verdicts,
    '',
    textTable(
      ['predictor', 'rise in MSE, held out', 'out of bag', 'share in training'],
      results.importance.map(({ predictor, heldOut, heldOutSd, permutation, permutationSd, impurity }) => [
        predictor,
        withSpread(heldOut, heldOutSd),
        withSpread(permutation, permutationSd),
        impurity.toFixed(3),
      ]),
    ),
    ...results.leakage,
    ...results.warnings.map((warning) => `warning: ${warning}`),
    '',
    `${maps.length} daily maps in ${run.folder}/maps`,
    `Run ${run.id} took ${duration(seconds)}; largest process ${size(peakMemoryBytes)}.`,
  ].join('\n')
  output.result(text, { run, seconds, peakMemoryBytes, ...results })
}

function withSpread(value: number | null, spread: number | null): string {
  if (value === null) return ''
  return spread === null ? value.toExponential(2) : `${value.toExponential(2)} ± ${spread.toExponential(1)}`
}

export const followRun = { hooks, tellEstimate, tellEvent }
