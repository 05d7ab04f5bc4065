import { LoamError, hasValue, learnerOf, reasonCodes } from '../../contract/index.ts'
import { dissimilarity, heldOutImportance } from '../validation/index.ts'
import { fitModel, isTuned, stopsEarly } from '../models/index.ts'
import type { FitOptions } from '../models/index.ts'
import { modelField, readIntervals } from '../products/index.ts'
import {
  encodeSamples,
  decodeSamples,
  joinSamples,
  makeFolds,
  requireRows,
  rowsFromRaster,
  rowsFromStations,
  withoutTestPart,
} from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import { areaOfRun, encodeArea } from './area-of-run.ts'
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

/** What the part of a fold says beside its rows, their predictions and, for each quantile, its values. */
export interface FoldMeta {
  readonly rows: number
  readonly folds: string
  readonly description: string
  /** Per predictor, see heldOutImportance. */
  readonly importance: readonly number[]
  readonly quantiles: readonly number[]
  /** Settings it sought by itself; absent where none are sought. */
  readonly chosen?: Readonly<Record<string, number>>
}

/** The interval whose coverage is told: that of the product, else 90 %. */
function outerQuantiles(run: RunContext): [number, number] {
  const { intervals = [] } = run.plan.recipe.product
  return intervals.length < 2 ? [0.05, 0.95] : [Math.min(...intervals), Math.max(...intervals)]
}

/** Fewer rows train no model worth a map. */
const leastRows = 20

const computations: { readonly [K in PartKind]: Compute<K> } = {
  async samples(run, part, { signal }) {
    const { plan, fields } = run
    const predictors = [...fields.predictors]
    const { weight } = fields
    if (fields.targetTable)
      return tableResult(
        await rowsFromStations({
          table: fields.targetTable,
          predictors,
          weight,
          fineGrid: plan.fineGrid,
          days: [...part.days],
          signal,
        }),
      )
    const grid = plan.trainingGrid!
    const window = { grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols }
    const day = part.days[0]
    return tableResult(
      await rowsFromRaster({
        target: fields.target!,
        predictors,
        weight,
        grid,
        window,
        day,
        crs: plan.fineGrid.crs,
        signal,
      }),
    )
  },

  async table(run, part) {
    const tables: SampleTable[] = []
    const { training, seed, split } = run.plan.recipe
    for (const key of part.samples)
      tables.push(withoutTestPart(decodeSamples((await run.need(key, 'training rows')).payload), split.test))
    const table = joinSamples(tables, { maxRows: training.maxRows, seed })
    requireRows(table, leastRows)
    return tableResult(table)
  },

  async model(run, part, hooks) {
    const table = await run.sampleTable(part.table)
    const model = await fit(run, table, null, hooks, { permutationImportance: true, ...stopping(run, table, 0, -1) })
    // JSON has no NaN, which a model without out-of-bag error has there.
    const info = JSON.parse(JSON.stringify(model.info)) as Record<string, unknown>
    return { meta: { info }, payload: [model.encode()] }
  },

  async fold(run, part, hooks) {
    const table = await run.sampleTable(part.table)
    const folds = makeFolds(table, run.plan.splits[part.split], run.plan.recipe.seed)
    if (part.fold >= folds.count) return { meta: { rows: 0 }, payload: [] }
    const test = folds.test(part.fold)
    const model = await fit(run, table, folds.train(part.fold), hooks, stopping(run, table, part.split, part.fold))
    const columns = table.columns.map((column) => Float32Array.from(test, (row) => column[row]))
    const predict = (own: Float32Array[]): Promise<Float32Array> => model.predict(own, test.length, hooks.threads)
    const predicted = await predict(columns)
    const quantiles = model.predictIntervals ? outerQuantiles(run) : []
    const intervals = await model.predictIntervals?.(columns, test.length, hooks.threads, quantiles)
    const importance = await heldOutImportance(table.columns, table.target, test, predicted, predict, {
      seed: run.plan.recipe.seed + part.fold,
      repeats: 3,
    })
    const meta: FoldMeta = {
      rows: test.length,
      folds: folds.hash,
      description: folds.description,
      importance,
      quantiles,
      ...(model.info.tuning ? { chosen: model.info.tuning.chosen } : {}),
    }
    const bounds = intervals?.quantiles.map(bytesOf) ?? []
    return { meta: { ...meta }, payload: [bytesOf(test), bytesOf(predicted), ...bounds] }
  },

  async tile(run, part, { signal, threads }) {
    const model = await run.trainedModel(part.model)
    const { predictors } = run.fields
    const field = modelField({
      name: run.plan.recipe.product.quantity,
      unit: run.plan.recipe.product.unit,
      model,
      modelKey: part.model,
      predictors,
      grid: run.plan.fineGrid,
      threads,
    })
    const window = { grid: run.plan.fineGrid, ...part.window }
    const { intervals = [] } = run.plan.recipe.product
    const area = part.applicability === null ? null : (await run.area(part.applicability)).area
    const index = area && ((columns: readonly Float32Array[]) => dissimilarity(area, columns, { threads, signal }))
    const { block, layers } =
      intervals.length > 0 || index
        ? await readIntervals(
            { model, predictors, threads, ...(index ? { index } : {}) },
            window,
            part.day,
            intervals,
            { signal },
          )
        : { block: await field.read(window, part.day, { signal }), layers: [] }
    if (area) markOutside(block.reasons, layers.at(-1)!, area.threshold)
    return {
      meta: { ...part.window, day: part.day },
      payload: [bytesOf(block.values), ...layers.map(bytesOf), block.reasons],
    }
  },

  async applicability(run, part, { threads, signal }) {
    const table = await run.sampleTable(part.table)
    const { info } = await run.trainedModel(part.model)
    const { seed } = run.plan.recipe
    const found = await areaOfRun(table, info.importance.impurity, { split: run.plan.splits[0], seed, threads, signal })
    if (found) return encodeArea(found)
    throw new LoamError(
      'bad_recipe',
      'The area of applicability of this run cannot be told: its predictors do not vary, or a sample of its training rows is too small for the folds. Set `product.applicability` to false, or take fewer folds.',
      { path: 'product.applicability' },
    )
  },

  map: publishMap,
  pairs: computePairs,
}

/** A cell above the threshold keeps its value and says so. */
function markOutside(reasons: Uint8Array, index: Float32Array, threshold: number): void {
  for (let i = 0; i < reasons.length; i++)
    if (hasValue(reasons[i]) && index[i] > threshold) reasons[i] = reasonCodes.outside_applicability
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
  extra: Pick<FitOptions, 'permutationImportance' | 'stoppingRows' | 'tuningFolds'> = {},
) {
  const { seed, product } = run.plan.recipe
  const { signal, threads, onProgress } = hooks
  const target = { name: product.quantity, unit: product.unit }
  return fitModel(table, rows, learnerOf(run.plan.recipe), { seed, threads, signal, onProgress, target, ...extra })
}

/** The rows that early stopping watches, or the folds that settings are sought by, where the learner wants some. */
function stopping(
  run: RunContext,
  table: SampleTable,
  split: number,
  tested: number,
): Pick<FitOptions, 'stoppingRows' | 'tuningFolds'> {
  const { recipe, splits } = run.plan
  // Rows of the tested fold are no training rows, so no setting is chosen by them.
  const [tunes, stops] = [isTuned(recipe.learner), stopsEarly(recipe.learner)]
  if (!tunes && !stops) return {}
  const folds = makeFolds(table, splits[split], recipe.seed)
  return {
    ...(tunes ? { tuningFolds: folds.fold } : {}),
    ...(stops ? { stoppingRows: stoppingRows(folds, tested) } : {}),
  }
}

function tableResult(table: SampleTable): PartResult {
  return { meta: { rows: table.target.length, excluded: table.excluded }, payload: [encodeSamples(table)] }
}

/** The bytes of a typed array, without a copy. */
export function bytesOf(array: Float32Array | Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
