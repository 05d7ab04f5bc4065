import { LoamError } from '../../contract/index.ts'
import type { Block, Day, Grid, InspectedModel } from '../../contract/index.ts'
import { ModelInfo } from '../models/index.ts'
import { layerPath } from '../products/index.ts'
import { coarsenGrid, openOwnMap, resample } from '../raster/index.ts'
import {
  RunContext,
  areaOfRun,
  decodeArea,
  layersOf,
  mapPath,
  planStationSources,
  readStationInputs,
} from '../runs/index.ts'
import { decodeSamples } from '../samples/index.ts'
import { trusted } from './product-field.ts'
import { fillAges } from './fill-ages.ts'
import { inspectModel } from './inspect-model.ts'
import type { InspectedSource } from './inspect-model.ts'
import { cellAt, readFieldCell, seriesOf } from './read-cell.ts'
import type { CellReading, LayerPlace, ModelSource, RunPlace, SeriesReading } from './tile-messages.ts'

type RunSource = Extract<ModelSource, { run: string }>

interface ShelvedRun {
  readonly context: RunContext
  readonly source: Omit<InspectedSource, 'of'>
}

const mostKept = 2
/** Cells of a map that are averaged at most to a coarse cell. */
const mostCellsASide = 64

/** Runs whose products are looked into, the last few. */
export class RunShelf {
  readonly #cacheBytes: number
  readonly #runs = new Map<string, Promise<ShelvedRun>>()

  constructor(cacheBytes: number) {
    this.#cacheBytes = cacheBytes
  }

  async inspect(source: RunSource, day: Day, place: LayerPlace, signal?: AbortSignal): Promise<InspectedModel> {
    const shelved = await this.#get(source)
    return inspectModel({ ...shelved.source, of: { run: source.run } }, day, place, signal)
  }

  /** The coarse product of a run in the coarse cell of a place. */
  async coarseSeries(
    run: RunPlace,
    days: readonly Day[],
    place: LayerPlace,
    signal?: AbortSignal,
  ): Promise<SeriesReading & { unit: string }> {
    const { baseline, baselineGrid } = (await this.#get(run)).context.fields
    const cell = baselineGrid && cellAt(baselineGrid, place)
    if (!baseline || !baselineGrid || !cell) {
      const reason = baseline ? ('outside_source' as const) : ('no_data' as const)
      return { values: days.map(() => null), reasons: days.map(() => reason), unit: baseline?.unit ?? '' }
    }
    const series = await seriesOf(days, days, (day) => readFieldCell(baseline, baselineGrid, cell, day, signal))
    return { ...series, unit: baseline.unit }
  }

  close(): void {
    for (const run of this.#runs.values()) void run.then(({ context }) => context.close()).catch(() => {})
    this.#runs.clear()
  }

  async #get({ folder, planId }: RunPlace): Promise<ShelvedRun> {
    const key = `${folder} ${planId}`
    let run = this.#runs.get(key)
    this.#runs.delete(key)
    if (!run) {
      run = shelve(folder, this.#cacheBytes / mostKept)
      run.catch(() => this.#runs.delete(key))
    }
    this.#runs.set(key, run)
    for (const [oldest, old] of this.#runs) {
      if (this.#runs.size <= mostKept) break
      this.#runs.delete(oldest)
      void old.then(({ context }) => context.close()).catch(() => {})
    }
    const found = await run
    // What was not computed when the run was opened may be by now.
    if (found.source.info === null) this.#runs.delete(key)
    return found
  }
}

async function shelve(folder: string, cacheBytes: number): Promise<ShelvedRun> {
  const context = await RunContext.open(folder, { cacheBytes })
  const { plan, fields, reader } = context
  const ages = fillAges(plan.recipe, {
    named: plan.recipe.fields,
    datasets: new Map(plan.datasets.map((dataset) => [dataset.name, dataset])),
    stations: planStationSources(await readStationInputs(folder, plan)),
    reader,
    minValidFraction: plan.recipe.minValidFraction,
    crs: plan.fineGrid.crs,
  })
  const model = await context.store.get(context.parts.model.key)
  const info = model && ModelInfo.safeParse(model.meta.info).data
  return {
    context,
    source: {
      plan,
      fields,
      ages,
      info: info ?? null,
      applicability: info ? await applicabilityOf(context, info) : null,
      predict: (cell, _, day, signal) => publishedAt(context, cell, day, signal),
      meanOver: (grid, cell, day) => meanOver(context, grid, cell, day),
    },
  }
}

/** As the run has computed it; for a run whose maps do not say it, from the same sample of its rows. */
async function applicabilityOf(context: RunContext, info: ModelInfo): Promise<InspectedSource['applicability']> {
  const { recipe, splits } = context.plan
  const own = context.parts.applicability && (await context.store.get(context.parts.applicability.key))
  if (own) return decodeArea(own)
  const stored = await context.store.get(context.parts.table.key)
  if (!stored) return null
  return areaOfRun(decodeSamples(stored.payload), info.importance.impurity, {
    split: splits[0],
    seed: recipe.seed,
    threads: 1,
  })
}

/** The published prediction of a cell, and the outermost quantiles where there are two. */
async function publishedAt(
  context: RunContext,
  cell: { readonly row: number; readonly col: number },
  day: Day,
  signal?: AbortSignal,
): Promise<Omit<CellReading, 'cell'> & { interval: InspectedModel['interval'] }> {
  const part = context.parts.maps.find((map) => map.day === day)
  if (!part) return { value: null, reason: 'no_scene', interval: null }
  const path = mapPath(context, part)
  const read = async (file: string): Promise<Omit<CellReading, 'cell'>> => {
    const { fineGrid: grid } = context.plan
    const map = await openOwnMap(file, grid)
    try {
      return await readFieldCell({ read: (window) => map.read(0, window, 'values', signal) }, grid, cell, day, signal)
    } finally {
      map.close()
    }
  }
  const mean = await read(path).catch((thrown: unknown) => {
    // Not computed yet is no fault.
    if (thrown instanceof LoamError && thrown.code === 'not_found') return null
    throw thrown
  })
  if (!mean) return { value: null, reason: 'no_scene', interval: null }
  const quantiles = layersOf(context).filter((layer) => layer.quantile !== null)
  quantiles.sort((a, b) => a.quantile! - b.quantile!)
  if (quantiles.length < 2 || mean.value === null) return { ...mean, interval: null }
  const [lowest, highest] = [quantiles[0], quantiles[quantiles.length - 1]]
  const [low, high] = [await read(layerPath(path, lowest)), await read(layerPath(path, highest))]
  if (low.value === null || high.value === null) return { ...mean, interval: null }
  const levels = [lowest.quantile!, highest.quantile!] as const
  return { ...mean, interval: { low: low.value, high: high.value, levels } }
}

/** Mean of a day's map over one cell of a coarser grid, from overviews of it where it has more cells than anyone needs. */
async function meanOver(
  context: RunContext,
  coarse: Grid,
  cell: { readonly row: number; readonly col: number },
  day: Day,
): Promise<Block | null> {
  const part = context.parts.maps.find((map) => map.day === day)
  if (!part) return null
  const { fineGrid } = context.plan
  const map = await openOwnMap(mapPath(context, part), fineGrid)
  try {
    const ratio = coarse.crs === fineGrid.crs ? Math.abs(coarse.transform[1] / fineGrid.transform[1]) : mostCellsASide
    const level = Math.max(0, Math.min(map.levels, Math.floor(Math.log2(ratio / mostCellsASide))))
    const source = {
      grid: coarsenGrid(fineGrid, 2 ** level),
      kind: 'continuous' as const,
      read: async (window: { row: number; col: number; rows: number; cols: number }) =>
        trusted(await map.read(level, window, 'values')),
    }
    return await resample(source, { grid: coarse, ...cell, rows: 1, cols: 1 }, { minValidFraction: 0.5 })
  } finally {
    map.close()
  }
}
