import { statfs } from 'node:fs/promises'
import { fork } from 'node:child_process'
import { LoamError } from '../../contract/index.ts'
import type { RunEstimate, StepName } from '../../contract/index.ts'
import { childEntry } from '../files/index.ts'
import { modelBytesAtMost, workOf } from '../models/index.ts'
import { DayFaults } from './day-faults.ts'
import type { Pace } from './probe-process.ts'
import { settleMap } from './publish-map.ts'
import type { RunContext } from './run-context.ts'

/** An estimate and how it spreads over the steps, for the time left of steps that have not begun. */
export interface StepEstimate extends RunEstimate {
  readonly seconds: Readonly<Partial<Record<StepName, number>>>
}

/** What runs took, as a share of what the probe said: 0.33 on the sample, 0.41 on Cook Farm, 0.52 on SMAP; a margin above. */
const spread = { from: 0.3, to: 1.5 } as const
const processBytes = 150e6
const publishSecondsPerCell = 250e-9
/** Area-to-point kriging of a day, one thread. */
const residualSecondsPerCell = 3e-6
/** The nearest of 2000 rows in ten predictors, one thread. */
const dissimilaritySecondsPerCell = 1.5e-6
const fixedSecondsPerPart = 0.02
/** Strips of 500 000 cells that are gone over while a day is corrected. */
const stripBytes = 100e6

export function stepSeconds(estimate: StepEstimate): Readonly<Partial<Record<StepName, number>>> {
  return estimate.seconds
}

/** What a run will take on this machine: the pace is measured on one small window of its own inputs in a child process,
 *  the parts already in the store are taken off. */
export async function estimateRun(
  run: RunContext,
  options: { readonly workers: number; readonly cacheBytes: number },
): Promise<StepEstimate> {
  const { plan, parts, store } = run
  const { workers, cacheBytes } = options
  const pace = await probe(run.folder)
  const isThere = async (list: readonly { readonly key: string }[]): Promise<number> =>
    (await Promise.all(list.map((part) => store.has(part.key)))).filter(Boolean).length
  let mapsThere = 0
  // A map that the gate keeps from being published is a day to do.
  const faults = new DayFaults(() => {}, new Set(['not_closed']))
  for (const map of parts.maps)
    await faults.guard(map.day, async () => {
      if (await settleMap(run, map)) mapsThere++
    })
  const [samplesThere, modelThere, foldsThere, areaThere] = await Promise.all([
    isThere(parts.samples),
    isThere([parts.model]),
    isThere(parts.folds),
    isThere(parts.applicability ? [parts.applicability] : []),
  ])
  const { applicability } = plan.recipe.product
  const indexSecondsPerCell = applicability ? dissimilaritySecondsPerCell : 0
  const correctSecondsPerCell = plan.recipe.product.residual ? residualSecondsPerCell : 0
  const mapCells = plan.fineGrid.rows * plan.fineGrid.cols
  const mapsToDo = parts.maps.length - mapsThere
  const rows = expectedRows(run)
  const work = workOf(plan.recipe.learner, rows)
  const trainingCells = plan.trainingGrid ? mapCells : rows / Math.max(1, plan.trainingDays.length)
  const seconds = {
    samples:
      ((parts.samples.length - samplesThere) * (trainingCells * pace.readSecondsPerCell + fixedSecondsPerPart)) /
      workers,
    train: modelThere ? 0 : (work.fit * pace.secondsPerFitWork) / workers,
    crossValidate: ((parts.folds.length - foldsThere) * work.fit * pace.secondsPerFitWork) / workers,
    predict:
      (mapsToDo * mapCells * (pace.readSecondsPerCell + work.predict * pace.secondsPerCellWork + indexSecondsPerCell)) /
        workers +
      mapsToDo * fixedSecondsPerPart,
    publish: (mapsToDo * (mapCells * (publishSecondsPerCell + correctSecondsPerCell) + 0.1)) / workers,
    validate: parts.pairs.length * fixedSecondsPerPart,
  }
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0)
  const tileCells = Math.min(plan.tileSize ** 2, mapCells)
  const modelBytes = modelBytesAtMost(plan.recipe.learner, rows, run.fields.predictors.length)
  const perWorker =
    correctionBytes(run) +
    processBytes +
    cacheBytes +
    modelBytes +
    tileCells * (run.fields.predictors.length * 9 + 10 + (applicability ? 4 : 0))
  const valueBytes = (plan.recipe.product.encoding === 'int16' ? 2 : 4) + (applicability ? 4 : 0)
  const { bavail, bsize } = await statfs(run.folder)
  return {
    seconds,
    secondsFrom: total * spread.from,
    secondsTo: total * spread.to,
    peakMemoryBytes: Math.round(2 * processBytes + workers * perWorker),
    diskBytes: Math.round(
      mapsToDo * mapCells * valueBytes +
        (workers + 1) * mapCells * (applicability ? 9 : 5) +
        // A day that is corrected lies in a scratch file.
        (plan.recipe.product.residual ? workers * mapCells * 4 : 0),
    ),
    freeDiskBytes: bavail * bsize,
    blocks: parts.samples.length + 1 + (parts.applicability ? 1 : 0) + parts.folds.length + parts.maps.length,
    blocksReused: samplesThere + modelThere + areaThere + foldsThere + mapsThere,
  }
}

/** What correcting a day takes: strips of the map, and the fine cells of a coarse cell, which are kriged together, with their
 *  covariances to each neighbour. */
function correctionBytes({ plan, fields }: RunContext): number {
  const spec = plan.recipe.product.residual
  if (!spec || !fields.residual) return 0
  const { fineGrid } = plan
  const { rows, cols } = fields.residual.closureGrid
  const mapCells = fineGrid.rows * fineGrid.cols
  // The coarse grid's part has a cell around the map.
  const cellsTogether = mapCells / Math.max(1, (rows - 2) * (cols - 2))
  return stripBytes + (spec.method === 'atp' ? cellsTogether * (60 + 8 * spec.neighbours) : 0)
}

/** Training rows there will be at most. */
function expectedRows(run: RunContext): number {
  const { plan, fields } = run
  const table = fields.targetTable
  const most = plan.trainingGrid
    ? plan.trainingGrid.rows * plan.trainingGrid.cols * plan.trainingDays.length
    : (table?.values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0) ?? 0)
  return Math.min(most, plan.recipe.training.maxRows)
}

function probe(folder: string): Promise<Pace> {
  return new Promise((resolve, reject) => {
    const child = fork(childEntry('probe-process'), [folder], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    })
    let stderr = ''
    child.stderr?.on('data', (text: Buffer) => {
      stderr = (stderr + text.toString()).slice(-4000)
    })
    child.on('message', (message: { pace: Pace } | { fault: { code: string; message: string } }) =>
      'pace' in message ? resolve(message.pace) : reject(LoamError.fromJSON(message.fault)),
    )
    child.on('error', reject)
    child.on('exit', () =>
      reject(
        new LoamError(
          'native_crash',
          `The process that measures the pace before a run ended. Look for a damaged input with \`loam describe\`.\n${stderr}`,
        ),
      ),
    )
  })
}
