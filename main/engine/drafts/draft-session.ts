import { fork } from 'node:child_process'
import { LoamError } from '../../contract/index.ts'
import type { OptimismGap, Recipe } from '../../contract/index.ts'
import { childEntry, hashJson } from '../files/index.ts'
import { treesOf } from '../models/index.ts'
import { makePlan } from '../runs/index.ts'
import type { DraftJob, DraftMessage, DraftRows, StationQuestion, StationValues } from './draft-job.ts'
import type { DraftSources } from './draft-sources.ts'

export interface DraftHooks {
  readonly signal: AbortSignal
  readonly report?: (doing: string, done: number, total: number) => void
}

const longestReading = 25
const keptSamples = 6
const kept = new Map<string, DraftRows>()

/** A bounded sample of a recipe's rows; the same parts of a recipe are read once.
 *  @throws what the plan and the reading throw; cancelled; native_crash */
export async function readDraftRows(
  recipe: Recipe,
  sources: DraftSources,
  { rows, withPredictors }: { readonly rows: number; readonly withPredictors: boolean },
  hooks: DraftHooks,
): Promise<DraftRows> {
  const { grid, fields, target, predictors, minValidFraction, training, seed, split } = recipe
  const parts = withPredictors ? { fields, predictors } : {}
  const key = hashJson([
    sources.key,
    rows,
    // Of the split only what is sealed decides which rows there are.
    { grid, target, minValidFraction, training, seed, fields, test: split.test ?? null, ...parts },
    Object.keys(predictors),
  ])
  const known = kept.get(key)
  if (known) return known
  const { plan, inputs } = makePlan(recipe, sources, { project: '', store: '', versions: {} })
  const job: DraftJob = { kind: 'rows', plan, inputs, rows, withPredictors, seconds: longestReading }
  const found = (await inChild(job, hooks)) as DraftRows
  kept.set(key, found)
  for (const old of kept.keys()) {
    if (kept.size <= keptSamples) break
    kept.delete(old)
  }
  return found
}

/** How much better a score looks when rows are held out at random. */
export async function measureOptimism(
  recipe: Recipe,
  sources: DraftSources,
  { rows, threads }: { readonly rows: number; readonly threads: number },
  hooks: DraftHooks,
): Promise<OptimismGap> {
  const sample = await readDraftRows(recipe, sources, { rows, withPredictors: true }, hooks)
  const job: DraftJob = { kind: 'optimism', recipe, table: sample.table, threads }
  const splits = (await inChild(job, hooks)) as OptimismGap['splits']
  const trees = treesOf(recipe.learner)
  return { rows: sample.table.target.length, days: sample.days, trees: Math.min(60, trees), splits }
}

/** What a predictor of a finished run is at the stations of one of its references.
 *  @throws what reading throws; cancelled; native_crash */
export async function readPredictorAtStations(question: StationQuestion, hooks: DraftHooks): Promise<StationValues> {
  return (await inChild({ kind: 'at_stations', ...question }, hooks)) as StationValues
}

function inChild(job: DraftJob, { signal, report }: DraftHooks): Promise<unknown> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = fork(childEntry('draft-process'), [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      serialization: 'advanced',
    })
    const stop = (): void => {
      child.kill('SIGKILL')
      reject(new LoamError('cancelled', 'Stopped on request.'))
    }
    signal.addEventListener('abort', stop, { once: true })
    let stderr = ''
    child.stderr?.on('data', (text: Buffer) => {
      stderr = (stderr + text.toString()).slice(-4000)
    })
    child.on('message', (message: DraftMessage) => {
      if ('progress' in message) report?.(message.progress.doing, message.progress.done, message.progress.total)
      else if ('fault' in message) reject(LoamError.fromJSON(message.fault))
      else resolve(message.result)
    })
    child.on('error', reject)
    child.on('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(
        new LoamError(
          'native_crash',
          `The process that reads a sample of the data ended. Look for a damaged input with \`loam describe\`.\n${stderr}`,
        ),
      )
    })
    child.send(job)
  })
}
