import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { LoamError, asLoamError } from '../../contract/index.ts'
import type {
  CellSeries,
  Day,
  InspectedLayer,
  InspectedModel,
  Inspection,
  LayerHistogram,
  LayerSource,
  PreviewAnswer,
  TiledLayer,
} from '../../contract/index.ts'
import type { Project } from '../project/index.ts'
import { RasterReader, normaliseCrs } from '../raster/index.ts'
import { layerPlace, tileCells } from './drawn-layer.ts'
import type { TilePlace } from './drawn-layer.ts'
import type { HistogramOptions } from './histogram.ts'
import { faultyModel } from './inspect-model.ts'
import { isLong } from './layer-plan.ts'
import type { LayerPlan, PreviewSpec } from './layer-plan.ts'
import { nearestStation } from './nearest-station.ts'
import type { ObservedStation } from './nearest-station.ts'
import { openField } from './open-field.ts'
import { largeStatics, yieldToOthers } from './make-ahead.ts'
import { planLayer } from './plan-layer.ts'
import { unreadPreview } from './preview-field.ts'
import { planPreview } from './plan-preview.ts'
import { projectSources } from '../runs/index.ts'
import { reasonText } from './reason-words.ts'
import { anyDay } from './sample-layer.ts'
import type { EncodedTile, LayerPlace, ModelSource, TileSettings } from './tile-messages.ts'
import { TilePool } from './tile-pool.ts'

interface KnownLayer {
  readonly layer: Omit<TiledLayer, 'sampled'>
  readonly plan: LayerPlan
  readonly crs: string | undefined
  readonly source: LayerSource
}

/** Layers whose plans are kept; a page that asks for another has to open it again. */
const mostLayers = 256
const mostPreviews = 8
/** Cells from which on averaging is waited for. */
const largeLayer = 1_000_000

const defaults = { cacheBytes: 128e6, memoryBytes: 64e6, diskBytes: 2e9 }

/** The map of a project: layers as tiles, what is under the pointer, series of cells, previews of models. Decides here, computes
 *  in two child processes: one for tiles, one for what takes long. */
export class MapService {
  readonly #project: Project
  readonly #folder: string | null
  readonly #layers = new Map<string, KnownLayer>()
  readonly #samples = new Map<string, TiledLayer['sampled']>()
  readonly #previews = new Map<string, PreviewSpec>()
  readonly #settings: TileSettings
  /** All that run, those below among them. */
  readonly #pools: Set<TilePool>
  readonly #quick: TilePool
  readonly #long: TilePool
  #preview: AbortController | null = null
  #ahead = Promise.resolve()
  /** Layers that were averaged ahead in this session. */
  readonly #madeAhead = new Set<string>()
  #isClosed = false

  constructor(project: Project, settings: Partial<TileSettings> = {}) {
    this.#project = project
    const folder = join(project.storeFolder, 'tiles')
    const all = { ...defaults, folder, threads: availableParallelism(), ...settings }
    this.#folder = all.folder
    const planOf = (id: string): { plan: LayerPlan; crs: string | undefined } => this.#known(id)
    this.#settings = all
    this.#quick = new TilePool(all, planOf)
    this.#long = new TilePool(all, planOf)
    this.#pools = new Set([this.#quick, this.#long])
  }

  /** Process ids of the children that run. */
  get pids(): number[] {
    return [...this.#pools].map((pool) => pool.pid).filter((pid) => pid !== null)
  }

  close(): void {
    this.#isClosed = true
    this.#preview?.abort()
    for (const pool of this.#pools) pool.close()
  }

  /** Averages large rasters without dates ahead of need, one after another, in a process that gets what others leave of the machine
   *  and ends afterwards. What is made already is not made again. A raster that cannot be read is left for its tiles to tell. */
  makeAhead(): Promise<void> {
    this.#ahead = this.#ahead.then(() => this.#makeAhead())
    return this.#ahead
  }

  async #makeAhead(): Promise<void> {
    const project = this.#project
    if (this.#folder === null || project.mode !== 'write') return
    const wanted = largeStatics(project.datasets().map(({ name }) => project.storedDataset(name)))
    if (wanted.length === 0) return
    const pool = new TilePool(this.#settings, (id) => this.#known(id))
    this.#pools.add(pool)
    try {
      for (const variable of wanted) {
        const layer = await this.openLayer({ of: 'dataset', ...variable }).catch(() => null)
        if (this.#isClosed) return
        if (!layer || this.#madeAhead.has(layer.id)) continue
        this.#madeAhead.add(layer.id)
        pool.warm()
        yieldToOthers(pool.pid)
        // The one tile of the coarsest level needs every square.
        const top = { layer: layer.id, day: anyDay, level: layer.levels - 1, row: 0, col: 0 }
        await pool.ask('tile', top, { layer: layer.id, what: `coarse levels of "${layer.name}"` }).catch(() => null)
      }
    } finally {
      this.#pools.delete(pool)
      pool.close()
    }
  }

  /** @throws what a source that cannot be drawn throws, naming what to mend */
  async openLayer(source: LayerSource, crs?: string, signal?: AbortSignal): Promise<TiledLayer> {
    const target = crs === undefined ? undefined : normaliseCrs(crs)
    this.#quick.warm()
    const { plan, name, quantity, depth } = await planLayer(source, {
      project: this.#project,
      preview: (id) => this.#spec(id),
    })
    const reader = new RasterReader({ cacheBytes: 0 })
    const { field, close } = openField(plan, reader, unreadPreview)
    const place = layerPlace(field, target)
    close()
    reader.close()
    const layer: KnownLayer['layer'] = {
      ...place,
      name,
      tileCells,
      unit: field.unit,
      quantity,
      depth,
      kind: field.kind,
      times: field.times,
      isLarge: plan.of !== 'product' && place.grid.rows * place.grid.cols >= largeLayer,
      lineage: field.lineage,
    }
    this.#keep({ layer, plan, crs: target, source })
    const sampled = await this.#sampled(place.id, samplingDays, signal)
    // Something is on the map: a look at a cell or a preview is near, and a process takes its moment to start.
    this.#long.warm()
    return { ...layer, sampled }
  }

  /** @returns the bytes of a `TileBody` */
  async tile(
    id: string,
    day: Day | 'static',
    place: Omit<TilePlace, 'isQuick'>,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.quickTile(id, day, { ...place, isQuick: false }, signal)).bytes
  }

  /** A tile and, when `isQuick`, whether single cells were looked at in place of averages that are not at hand. */
  async quickTile(id: string, day: Day | 'static', place: TilePlace, signal?: AbortSignal): Promise<EncodedTile> {
    const known = this.#known(id)
    const { level, row, col } = place
    return this.#poolOf(known).ask(
      'tile',
      { layer: id, day: dayFor(known.layer, day), ...place },
      { layer: id, what: `tile ${level}/${row}/${col} of "${known.layer.name}" on ${day}`, signal },
    )
  }

  async histogram(
    id: string,
    day: Day | 'static',
    options: HistogramOptions,
    signal?: AbortSignal,
  ): Promise<LayerHistogram> {
    const known = this.#known(id)
    return this.#poolOf(known).ask(
      'histogram',
      { layer: id, day: dayFor(known.layer, day), options },
      { layer: id, what: `the histogram of "${known.layer.name}" on ${day}`, signal },
    )
  }

  /** What layers have at a place, and what the models behind those that have one say there. */
  async inspect(
    place: LayerPlace,
    day: Day | 'static',
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<Inspection> {
    const at = { ...place, crs: normaliseCrs(place.crs) }
    const layers = await Promise.all(ids.map((id) => this.#inspectLayer(id, at, day, signal)))
    const models = day === 'static' ? [] : await this.#inspectModels(ids, at, day, signal)
    return { ...place, day, layers, models }
  }

  /** Values of one cell on days, of layers, of the coarse product of runs, and of the nearest stations. */
  async cellSeries(
    place: LayerPlace,
    asked: {
      readonly days: readonly Day[]
      readonly layers: readonly string[]
      readonly runs: readonly string[]
      readonly stations: readonly ObservedStation[]
    },
    signal?: AbortSignal,
  ): Promise<{ days: readonly Day[]; series: readonly CellSeries[] }> {
    const at = { ...place, crs: normaliseCrs(place.crs) }
    const { days } = asked
    const series = await Promise.all([
      ...asked.layers.map((id) =>
        orFault(id, async () => {
          const known = this.#known(id)
          const { name, unit } = known.layer
          const what = `the series of a cell of "${name}"`
          const found = await this.#poolOf(known).ask(
            'series',
            { layer: id, days, place: at },
            { layer: id, what, signal },
          )
          return { id, name, unit, ...found, fault: null }
        }),
      ),
      ...asked.runs.map((run) =>
        orFault(`coarse:${run}`, async () => {
          const { folder, planId } = this.#project.run(run)
          const what = `the series of the coarse product of run ${run}`
          const found = await this.#long.ask('coarse', { run: { folder, planId }, days, place: at }, { what, signal })
          return { id: `coarse:${run}`, name: 'Coarse product', ...found, fault: null }
        }),
      ),
      ...asked.stations.map((station) =>
        orFault(`observed:${station.set}`, async () =>
          nearestStation(projectSources(this.#project).stations, station, at, days),
        ),
      ),
    ])
    return { days, series }
  }

  /** Trains a preview of a recipe. One that is under way is stopped.
   *  @throws bad_recipe; cancelled when a newer one is asked for */
  async preview(recipe: Record<string, unknown>, rows: number, signal?: AbortSignal): Promise<PreviewAnswer> {
    this.#preview?.abort()
    const own = new AbortController()
    this.#preview = own
    const spec = await planPreview(recipe, rows, this.#project)
    this.#previews.delete(spec.id)
    this.#previews.set(spec.id, spec)
    for (const oldest of this.#previews.keys()) {
      if (this.#previews.size <= mostPreviews) break
      this.#previews.delete(oldest)
    }
    const stop = signal ? AbortSignal.any([signal, own.signal]) : own.signal
    return this.#long.ask('preview', { spec }, { what: 'the rows of a preview', signal: stop })
  }

  async #inspectLayer(
    id: string,
    place: LayerPlace,
    day: Day | 'static',
    signal?: AbortSignal,
  ): Promise<InspectedLayer> {
    const known = this.#layers.get(id)
    const about = {
      layer: id,
      name: known?.layer.name ?? '',
      quantity: known?.layer.quantity ?? '',
      unit: known?.layer.unit ?? '',
      lineage: known?.layer.lineage ?? '',
    }
    try {
      const found = this.#known(id)
      const { value, reason, cell } = await this.#poolOf(found).ask(
        'cell',
        { layer: id, day: dayFor(found.layer, day), place },
        { layer: id, what: `a cell of "${about.name}" on ${day}`, signal },
      )
      return { ...about, value, reason, reasonText: reasonText(reason), cell, fault: null }
    } catch (thrown) {
      const { code, message } = asLoamError(thrown)
      if (code === 'cancelled') throw thrown
      return { ...about, value: null, reason: null, reasonText: '', cell: null, fault: { code, message } }
    }
  }

  /** One for each run and preview among the layers. */
  async #inspectModels(
    ids: readonly string[],
    place: LayerPlace,
    day: Day,
    signal?: AbortSignal,
  ): Promise<InspectedModel[]> {
    const sources = new Map<string, ModelSource>()
    for (const id of ids) {
      const source = this.#layers.get(id)?.source
      if (source?.of === 'product') {
        const { folder, planId } = this.#project.run(source.run)
        sources.set(source.run, { run: source.run, folder, planId })
      }
      if (source?.of === 'preview') sources.set(source.preview, { preview: this.#spec(source.preview) })
    }
    return Promise.all(
      [...sources.values()].map(async (source) => {
        const of = 'run' in source ? { run: source.run } : { preview: source.preview.id }
        try {
          return await this.#long.ask('model', { source, day, place }, { what: 'the predictors of a cell', signal })
        } catch (thrown) {
          if (asLoamError(thrown).code === 'cancelled') throw thrown
          return faultyModel(of, thrown)
        }
      }),
    )
  }

  #known(id: string): KnownLayer {
    const known = this.#layers.get(id)
    if (!known)
      throw new LoamError(
        'unknown_name',
        'This layer is not open (any more), as after a restart of the engine. Open it again: POST /layers.',
        { layer: id },
      )
    return known
  }

  #spec(id: string): PreviewSpec {
    const spec = this.#previews.get(id)
    if (!spec)
      throw new LoamError(
        'unknown_name',
        'This preview is not there any more: previews are not saved. Ask for it again: POST /previews.',
        { preview: id },
      )
    return spec
  }

  #poolOf({ plan }: KnownLayer): TilePool {
    return isLong(plan) ? this.#long : this.#quick
  }

  #keep(known: KnownLayer): void {
    const { id } = known.layer
    this.#layers.delete(id)
    this.#layers.set(id, known)
    for (const oldest of this.#layers.keys()) {
      if (this.#layers.size <= mostLayers) break
      this.#layers.delete(oldest)
      this.#samples.delete(oldest)
      this.#quick.forget(oldest)
      this.#long.forget(oldest)
    }
  }

  /** Kept on disk beside the pyramids: starting again reads no cell before the first tile. */
  async #sampled(id: string, days: readonly Day[], signal?: AbortSignal): Promise<TiledLayer['sampled']> {
    const before = this.#samples.get(id)
    if (before !== undefined) return before
    const known = this.#known(id)
    const path = this.#folder === null || isLong(known.plan) ? null : join(this.#folder, 'sampled', `${id}.json`)
    const kept = path && (await readFile(path, 'utf8').catch(() => null))
    let sampled = kept ? parsedSample(kept) : undefined
    if (sampled === undefined) {
      const what = `a sample of "${known.layer.name}"`
      try {
        sampled = await this.#poolOf(known).ask('sample', { layer: id, days }, { layer: id, what, signal })
      } catch (thrown) {
        // The tiles that are sound can still be drawn; each of the others says so itself.
        if (asLoamError(thrown).code !== 'native_crash') throw thrown
        return null
      }
      if (path)
        // A convenience: a disk that cannot be written costs a moment at the next start.
        await mkdir(dirname(path), { recursive: true })
          .then(() => writeFile(path, JSON.stringify(sampled)))
          .catch(() => {})
    }
    this.#samples.set(id, sampled)
    return sampled
  }
}

/** @returns undefined when the file was cut short; it is made again */
function parsedSample(text: string): TiledLayer['sampled'] | undefined {
  try {
    return JSON.parse(text) as TiledLayer['sampled']
  } catch {
    return undefined
  }
}

function dayFor(layer: KnownLayer['layer'], day: Day | 'static'): Day {
  if (layer.times === 'static') return anyDay
  if (day !== 'static') return day
  throw new LoamError('bad_input', `"${layer.name}" changes in time, so a date is needed. Give one as YYYY-MM-DD.`)
}

/** Dates on which a layer that is defined on every one is looked at: one in each season. */
const samplingDays = ['2019-01-15', '2019-04-15', '2019-07-15', '2019-10-15'] as Day[]

async function orFault(id: string, read: () => Promise<CellSeries> | CellSeries): Promise<CellSeries> {
  try {
    return await read()
  } catch (thrown) {
    const { code, message } = asLoamError(thrown)
    if (code === 'cancelled') throw thrown
    return { id, name: '', unit: '', values: [], reasons: [], fault: { code, message } }
  }
}
