import { fitModel, stopsEarly } from '../models/index.ts'
import type { FitOptions } from '../models/index.ts'
import { modelField } from '../products/index.ts'
import {
  encodeSamples,
  decodeSamples,
  joinSamples,
  makeFolds,
  requireRows,
  rowsFromRaster,
  rowsFromStations,
} from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import type { Part, PartKind } from './part-keys.ts'
import { publishMap } from './publish-map.ts'
import { computePairs } from './compare-map.ts'
import type { RunContext } from './run-context.ts'
import { stoppingRows } from './stopping-rows.ts'

/** What a part becomes in the store: a little JSON that a reader may want without the rest, and bytes. */
export interface PartResult {
  readonly meta: Record<string, unknown>
  readonly payload: readonly Uint8Array[]
}

export interface ComputeHooks {
  /** Forest threads for this part; results do not depend on it. */
  readonly threads: number
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

type Compute<K extends PartKind> = (
  run: RunContext,
  part: Extract<Part, { kind: K }>,
  hooks: ComputeHooks,
) => Promise<PartResult>

/** Fewer rows train no forest worth a map. */
const leastRows = 20

const computations: { readonly [K in PartKind]: Compute<K> } = {
  async samples(run, part, { signal }) {
    const { plan, fields } = run
    const predictors = [...fields.predictors]
    if (fields.targetTable)
      return tableResult(
        await rowsFromStations({
          table: fields.targetTable,
          predictors,
          fineGrid: plan.fineGrid,
          days: [...part.days],
          signal,
        }),
      )
    const grid = plan.trainingGrid!
    const window = { grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols }
    const day = part.days[0]
    return tableResult(
      await rowsFromRaster({ target: fields.target!, predictors, grid, window, day, crs: plan.fineGrid.crs, signal }),
    )
  },

  async table(run, part) {
    const tables: SampleTable[] = []
    for (const key of part.samples) tables.push(decodeSamples((await run.need(key, 'training rows')).payload))
    const { training, seed } = run.plan.recipe
    const table = joinSamples(tables, { maxRows: training.maxRows, seed })
    requireRows(table, leastRows)
    return tableResult(table)
  },

  async model(run, part, hooks) {
    const table = await run.sampleTable(part.table)
    const model = await fit(run, table, null, hooks, { permutationImportance: true, ...stopping(run, table, 0, -1) })
    return { meta: { info: model.info }, payload: [model.encode()] }
  },

  async fold(run, part, hooks) {
    const table = await run.sampleTable(part.table)
    const folds = makeFolds(table, run.plan.splits[part.split], run.plan.recipe.seed)
    if (part.fold >= folds.count) return { meta: { rows: 0 }, payload: [] }
    const test = folds.test(part.fold)
    const model = await fit(run, table, folds.train(part.fold), hooks, stopping(run, table, part.split, part.fold))
    const columns = table.columns.map((column) => Float32Array.from(test, (row) => column[row]))
    const predicted = await model.predict(columns, test.length, hooks.threads)
    return {
      meta: { rows: test.length, folds: folds.hash, description: folds.description },
      payload: [bytesOf(test), bytesOf(predicted)],
    }
  },

  async tile(run, part, { signal, threads }) {
    const field = modelField({
      name: run.plan.recipe.product.quantity,
      unit: run.plan.recipe.product.unit,
      model: await run.trainedModel(part.model),
      modelKey: part.model,
      predictors: run.fields.predictors,
      grid: run.plan.fineGrid,
      threads,
    })
    const block = await field.read({ grid: run.plan.fineGrid, ...part.window }, part.day, { signal })
    return { meta: { ...part.window, day: part.day }, payload: [bytesOf(block.values), block.reasons] }
  },

  map: publishMap,
  pairs: computePairs,
}

/** Computes one part and puts it into the store; a part that is already there is left alone.
 *  @returns false when it was there
 *  @throws LoamError, `cancelled` after `signal` */
export async function computePart(run: RunContext, part: Part, hooks: ComputeHooks): Promise<boolean> {
  if (await run.store.has(part.key)) return false
  const compute = computations[part.kind] as Compute<PartKind>
  const { meta, payload } = await compute(run, part, hooks)
  hooks.signal.throwIfAborted()
  await run.store.put(part.key, part.kind, meta, [...payload])
  return true
}

function fit(
  run: RunContext,
  table: SampleTable,
  rows: Int32Array | null,
  hooks: ComputeHooks,
  extra: Pick<FitOptions, 'permutationImportance' | 'stoppingRows'> = {},
) {
  const { learner, seed, product } = run.plan.recipe
  const { signal, threads, onProgress } = hooks
  const target = { name: product.quantity, unit: product.unit }
  return fitModel(table, rows, learner, { seed, threads, signal, onProgress, target, ...extra })
}

/** The rows that early stopping watches, where the learner wants some. */
function stopping(
  run: RunContext,
  table: SampleTable,
  split: number,
  tested: number,
): Pick<FitOptions, 'stoppingRows'> {
  const { recipe, splits } = run.plan
  if (!stopsEarly(recipe.learner)) return {}
  return { stoppingRows: stoppingRows(makeFolds(table, splits[split], recipe.seed), tested) }
}

function tableResult(table: SampleTable): PartResult {
  return { meta: { rows: table.target.length, excluded: table.excluded }, payload: [encodeSamples(table)] }
}

/** The bytes of a typed array, without a copy. */
export function bytesOf(array: Float32Array | Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
