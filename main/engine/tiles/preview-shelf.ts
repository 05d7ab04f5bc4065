import { LoamError, learnerOf, reasonCodes } from '../../contract/index.ts'
import type {
  Block,
  Day,
  GridWindow,
  InspectedModel,
  LearnerSettings,
  PreviewAnswer,
  TiledLayer,
} from '../../contract/index.ts'
import { BlockCache, stackReader } from '../fields/index.ts'
import type { Field, FieldContext } from '../fields/index.ts'
import { fitModel, isTuned, stopsEarly, withoutSearch, withoutTuning } from '../models/index.ts'
import type { Model } from '../models/index.ts'
import { predictWithIntervals } from '../products/index.ts'
import { coarsenGrid } from '../raster/index.ts'
import type { RasterReader } from '../raster/index.ts'
import { compileRunFields, planStationSources, stoppingRows } from '../runs/index.ts'
import type { RunFields } from '../runs/index.ts'
import { makeFolds, requireRows } from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import { areaOfApplicability, dissimilarity } from '../validation/index.ts'
import type { AreaOfApplicability } from '../validation/index.ts'
import { coarselyRead } from './coarse-reader.ts'
import type { CoarseField } from './coarse-reader.ts'
import { fillAges } from './fill-ages.ts'
import { inspectModel } from './inspect-model.ts'
import type { PreviewPlan, PreviewSpec } from './layer-plan.ts'
import type { OpenedField } from './open-field.ts'
import { describePreview } from './preview-field.ts'
import { previewRows } from './preview-rows.ts'
import type { PyramidStore } from './pyramid-store.ts'
import type { Economy } from './single-cells.ts'
import { spreadOf } from './sample-layer.ts'
import type { LayerPlace } from './tile-messages.ts'

/** A model trained on a few rows, with what its layers are computed from. */
export interface TrainedPreview {
  readonly spec: PreviewSpec
  readonly model: Model
  readonly table: SampleTable
  readonly fields: RunFields
  /** The predictors, cheap to read on coarse grids. */
  readonly predictors: readonly CoarseField[]
  readonly area: AreaOfApplicability | null
  readonly answer: PreviewAnswer
}

/** Fewer rows make no picture worth looking at. */
const leastRows = 20
const mostKept = 3
/** Columns of predictors on training windows, kept between previews: an edit of the learner reads nothing again. */
const columnBytes = 64e6

/** The preview models of this session, the newest few. One that was dropped is trained again when a tile asks for it. */
export class PreviewShelf {
  readonly #tools: { readonly reader: RasterReader; readonly store: PyramidStore; readonly threads: number }
  readonly #columns = new BlockCache(columnBytes)
  readonly #trained = new Map<string, Promise<TrainedPreview>>()

  constructor(tools: { readonly reader: RasterReader; readonly store: PyramidStore; readonly threads: number }) {
    this.#tools = tools
  }

  async answer(spec: PreviewSpec, signal?: AbortSignal): Promise<PreviewAnswer> {
    return (await this.get(spec, signal)).answer
  }

  /** The trained preview, trained once for all who ask. */
  async get(spec: PreviewSpec, signal?: AbortSignal): Promise<TrainedPreview> {
    for (;;) {
      const kept = this.#trained.get(spec.id)
      if (!kept) break
      this.#trained.delete(spec.id)
      this.#trained.set(spec.id, kept)
      try {
        return await kept
      } catch (thrown) {
        // Somebody else's request was stopped; ours was not.
        if (!(thrown instanceof LoamError && thrown.code === 'cancelled') || signal?.aborted) throw thrown
      }
    }
    const training = this.#train(spec, signal)
    this.#trained.set(spec.id, training)
    for (const oldest of this.#trained.keys()) {
      if (this.#trained.size <= mostKept) break
      this.#trained.delete(oldest)
    }
    try {
      return await training
    } catch (thrown) {
      if (this.#trained.get(spec.id) === training) this.#trained.delete(spec.id)
      throw thrown
    }
  }

  /** The field of a preview's layer; it trains the model when it is first read. */
  open({ preview: spec, layer }: PreviewPlan): OpenedField {
    const about = describePreview(spec, layer)
    const read = async (window: GridWindow, day: Day, signal?: AbortSignal, economy?: Economy): Promise<Block> =>
      readPreview(await this.get(spec, signal), layer, window, day, { threads: this.#tools.threads, signal, economy })
    const field: Field = { ...about, read: (window, day, options) => read(window, day, options?.signal) }
    return {
      field,
      // Predicted at the level asked for: its cells are those of the screen.
      ownLevels: (grid, level, window, day, signal, economy) =>
        read({ grid: coarsenGrid(grid, 2 ** level), ...window }, day, signal, economy),
      close() {},
    }
  }

  /** How a layer's values are spread, for its colours: on the rows the model was trained on, which are at hand, while cells of a map
   *  would have to be read; the dissimilarity index, which is about 0 there, up to twice its threshold. */
  async sample({ preview: spec, layer }: PreviewPlan, signal?: AbortSignal): Promise<TiledLayer['sampled']> {
    const preview = await this.get(spec, signal)
    if (layer === 'applicability' && preview.area) {
      const high = 2 * preview.area.threshold
      return { low: 0, high, min: 0, max: high }
    }
    const { columns } = preview.table
    const values = await layerValues(preview, layer, columns, columns[0].length, this.#tools.threads, signal)
    return spreadOf(values.filter(Number.isFinite))
  }

  async inspect(spec: PreviewSpec, day: Day, place: LayerPlace, signal?: AbortSignal): Promise<InspectedModel> {
    const preview = await this.get(spec, signal)
    const { model, fields, area, answer } = preview
    const { plan } = spec
    return inspectModel(
      {
        of: { preview: spec.id },
        plan,
        fields,
        ages: fillAges(plan.recipe, this.#context(spec)),
        info: model.info,
        applicability: area && { area, rowsOf: answer.rowsOf },
        predict: async (_cell, { values, missing }) => {
          if (missing) return { value: null, reason: missing, interval: null }
          const columns = values.map((value) => Float32Array.of(value))
          const levels = answer.intervalLevels
          if (!levels || !model.predictIntervals)
            return { value: (await model.predict(columns, 1, 1))[0], reason: null, interval: null }
          const { mean, quantiles } = await model.predictIntervals(columns, 1, 1, levels)
          return { value: mean[0], reason: null, interval: { low: quantiles[0][0], high: quantiles[1][0], levels } }
        },
        // The whole coarse cell would have to be predicted: too much for a look at one place.
        meanOver: async () => null,
      },
      day,
      place,
      signal,
    )
  }

  #context(spec: PreviewSpec): FieldContext {
    const { recipe, datasets, fineGrid } = spec.plan
    return {
      named: recipe.fields,
      datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
      stations: planStationSources(new Map(spec.stations.map((input) => [input.set.name, input]))),
      reader: this.#tools.reader,
      minValidFraction: recipe.minValidFraction,
      crs: fineGrid.crs,
    }
  }

  async #train(spec: PreviewSpec, signal?: AbortSignal): Promise<TrainedPreview> {
    const { plan } = spec
    const { recipe } = plan
    const { reader, store, threads } = this.#tools
    const stations = planStationSources(new Map(spec.stations.map((input) => [input.set.name, input])))
    const fields = compileRunFields(plan, stations, reader)
    const started = performance.now()
    const kept = fields.predictors.map((field) => withKeptBlocks(field, this.#columns))
    const drawn = await previewRows(plan, fields, kept, spec.rows, signal)
    const { table } = drawn
    requireRows(table, leastRows)
    const read = performance.now()
    const settings = previewSettings(learnerOf(recipe))
    const warnings = [...fields.warnings]
    if (isTuned(learnerOf(recipe)))
      warnings.push('The preview takes the settings as they stand; a run seeks them on held-out rows.')
    const folds = attempt(() => makeFolds(table, recipe.split, recipe.seed), warnings)
    const model = await fitModel(table, null, folds ? settings : withoutSearch(settings), {
      seed: recipe.seed,
      threads,
      signal,
      target: { name: recipe.product.quantity, unit: recipe.product.unit },
      ...(folds && stopsEarly(settings) ? { stoppingRows: stoppingRows(folds, -1) } : {}),
    })
    const fitted = performance.now()
    const { impurity } = model.info.importance
    const area =
      folds && (await areaOfApplicability({ columns: table.columns, importance: impurity, folds, threads, signal }))
    const { outOfBag } = model.info
    const answer: PreviewAnswer = {
      id: spec.id,
      type: model.type,
      rows: table.target.length,
      rowsOf: drawn.rowsOf,
      days: drawn.days,
      daysOf: drawn.daysOf,
      excluded: table.excluded,
      outOfBag: { n: outOfBag.n, rmse: orNull(outOfBag.rmse), rSquared: orNull(outOfBag.rSquared) },
      unit: recipe.product.unit,
      predictors: fields.predictors.map((field, i) => ({
        name: field.name,
        unit: field.unit,
        range: model.info.ranges[i],
        importance: orNull(impurity[i] ?? Number.NaN),
      })),
      intervalLevels: model.predictIntervals ? outerLevels(recipe.product.intervals) : null,
      applicabilityThreshold: area?.threshold ?? null,
      secondsReading: (read - started) / 1000,
      secondsTraining: (fitted - read) / 1000,
      sentence: `Preview · ${spaced(table.target.length)} of ${spaced(drawn.rowsOf)} rows · not saved`,
      warnings,
    }
    const predictors = fields.predictors.map((field) => coarselyRead(field, store, recipe.minValidFraction))
    return { spec, model, table, fields, predictors, area, answer }
  }
}

/** What a preview's layer shows on a window: the prediction, the width of its interval, or the dissimilarity index, which keeps
 *  its value where it is above the threshold and has the reason `outside_applicability` there. */
async function readPreview(
  preview: TrainedPreview,
  layer: PreviewPlan['layer'],
  window: GridWindow,
  day: Day,
  { threads, signal, economy }: { threads: number; signal?: AbortSignal; economy?: Economy },
): Promise<Block> {
  const { rows, cols } = window
  const predictors = economy
    ? preview.predictors.map(
        (field): Field => ({ ...field, read: (part, on, options) => field.read(part, on, { ...options, economy }) }),
      )
    : preview.predictors
  const { columns, reasons } = await stackReader(predictors)(window, day, { signal })
  const values = await layerValues(preview, layer, columns, cols, threads, signal)
  for (let i = 0; i < values.length; i++) {
    if (reasons[i] !== reasonCodes.none) values[i] = Number.NaN
    else if (Number.isNaN(values[i])) reasons[i] = reasonCodes.not_finite
    else if (layer === 'applicability' && values[i] > preview.area!.threshold)
      reasons[i] = reasonCodes.outside_applicability
  }
  return { rows, cols, values, reasons }
}

async function layerValues(
  { model, area, answer }: TrainedPreview,
  layer: PreviewPlan['layer'],
  columns: Float32Array[],
  rowLength: number,
  threads: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const n = columns[0].length
  if (layer === 'prediction') return model.predict(columns, n, threads, { rowLength, signal })
  if (layer === 'applicability') {
    if (!area)
      throw new LoamError(
        'bad_recipe',
        `The area of applicability of this preview cannot be told: ${answer.warnings.at(-1) ?? 'its rows or predictors do not vary'}.`,
      )
    return dissimilarity(area, columns, { threads, signal })
  }
  const levels = answer.intervalLevels
  if (!levels)
    throw new LoamError('bad_recipe', 'Only a forest knows intervals. Choose the learner "forest" to see them.')
  const { quantiles } = await predictWithIntervals(model, columns, n, threads, levels, { rowLength, signal })
  return quantiles[1].map((high, i) => high - quantiles[0][i])
}

/** Previews show intervals wherever the learner can, and do not wait for settings to be sought. */
function previewSettings(settings: LearnerSettings): LearnerSettings {
  const asSet = withoutTuning(settings)
  return asSet.type === 'forest' ? { ...asSet, intervals: true } : asSet
}

/** The outermost quantiles of the product, else a 90 % interval. */
export function outerLevels(intervals: readonly number[] | undefined): [number, number] {
  if (!intervals || intervals.length < 2) return [0.05, 0.95]
  return [Math.min(...intervals), Math.max(...intervals)]
}

/** Too few places for the recipe's folds is no reason to show nothing; what folds are for is left out and said. */
function attempt<T>(make: () => T, warnings: string[]): T | null {
  try {
    return make()
  } catch (thrown) {
    if (!(thrown instanceof LoamError) || thrown.code !== 'too_few_rows') throw thrown
    warnings.push(`The preview's rows cannot be parted as the recipe asks: ${thrown.message}`)
    return null
  }
}

function withKeptBlocks(field: Field, cache: BlockCache): Field {
  return {
    ...field,
    read(window, day, options) {
      const { grid, row, col, rows, cols } = window
      const key = [field.idOn(day), grid.crs, ...grid.transform, grid.rows, grid.cols, row, col, rows, cols].join(' ')
      return cache.get(key, () => field.read(window, day, options), options?.signal)
    },
  }
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** 1234567 → `1 234 567`. */
function spaced(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}
