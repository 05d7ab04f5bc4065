import { asLoamError } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { stackReader } from '../fields/index.ts'
import { fitModel, leaveWithParent, withTrees, workOf } from '../models/index.ts'
import { Random } from '../numeric/index.ts'
import { RunContext } from './run-context.ts'

/** How fast this machine goes on a run's own inputs, one thread. */
export interface Pace {
  /** All predictors of one fine cell, seconds. */
  readonly readSecondsPerCell: number
  /** See workOf. */
  readonly secondsPerFitWork: number
  readonly secondsPerCellWork: number
}

const windowSide = 384
const rows = 20_000
const trees = 4

async function measure(folder: string): Promise<Pace> {
  const run = await RunContext.open(folder, { cacheBytes: 64e6 })
  const { fineGrid: grid, productDays, recipe } = run.plan
  const side = { rows: Math.min(windowSide, grid.rows), cols: Math.min(windowSide, grid.cols) }
  const row = (grid.rows - side.rows) >> 1
  const col = (grid.cols - side.cols) >> 1
  const read = stackReader([...run.fields.predictors])
  const window = { grid, row, col, ...side }
  const readSecondsPerCell = (await secondsToRead((day) => read(window, day), productDays)) / (side.rows * side.cols)

  // Numbers without a pattern grow the deepest trees: the slow end of what real data does.
  const random = new Random(1)
  const names = Object.keys(recipe.predictors)
  const columns = names.map(() => Float32Array.from({ length: rows }, () => random.uniform()))
  const table = {
    predictors: names,
    columns,
    target: Float64Array.from({ length: rows }, (_, i) => columns[0][i] + 0.3 * random.uniform()),
    place: new Int32Array(rows),
    places: ['probe'],
    day: new Int32Array(rows),
    x: new Float64Array(rows),
    y: new Float64Array(rows),
    excluded: {},
  }
  const hooks = { seed: 1, threads: 1, signal: new AbortController().signal, onProgress: () => {} }
  const fitStart = performance.now()
  const learner = withTrees(recipe.learner, trees)
  const work = workOf(learner, rows)
  const model = await fitModel(table, null, learner, hooks)
  const secondsPerFitWork = (performance.now() - fitStart) / 1000 / work.fit
  const predictStart = performance.now()
  await model.predict(columns, rows, 1)
  const secondsPerCellWork = (performance.now() - predictStart) / 1000 / (rows * work.predict)
  run.close()
  return { readSecondsPerCell, secondsPerFitWork, secondsPerCellWork }
}

/** Seconds that reading a day takes, from the middle of the days on. The first one opens every file and fills the cache; the
 *  days after it go at the pace of the run. A day that cannot be read is for its own part to tell, beside the days that can.
 *  @throws what the first day tells when none can be read */
async function secondsToRead(read: (day: Day) => Promise<unknown>, days: readonly Day[]): Promise<number> {
  const middle = days.length >> 1
  let opened = false
  let fault: unknown
  let seconds = 0
  for (const day of [...days.slice(middle), ...days.slice(0, middle)]) {
    const start = performance.now()
    try {
      await read(day)
    } catch (thrown) {
      fault ??= thrown
      continue
    }
    seconds = (performance.now() - start) / 1000
    if (opened) return seconds
    opened = true
  }
  if (!opened) throw fault
  return seconds
}

leaveWithParent()
measure(process.argv[2])
  .then((pace) => process.send?.({ pace }))
  .catch((thrown: unknown) => process.send?.({ fault: asLoamError(thrown).toJSON() }))
  .finally(() => process.disconnect())
