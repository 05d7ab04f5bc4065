import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type {
  CellSeries,
  Day,
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
import { keptSample } from './kept-sample.ts'
import { isLong } from './layer-plan.ts'
import { inspectPlace, seriesAtPlace } from './look-at-place.ts'
import type { AskedSeries, LookedAt } from './look-at-place.ts'
import { largeStatics, yieldToOthers } from './make-ahead.ts'
import { openField } from './open-field.ts'
import { OpenLayers, dayFor } from './open-layers.ts'
import type { OpenLayer } from './open-layers.ts'
import { planLayer } from './plan-layer.ts'
import { planPreview } from './plan-preview.ts'
import { unreadPreview } from './preview-field.ts'
import { anyDay } from './sample-layer.ts'
import type { EncodedTile, LayerPlace, TileSettings } from './tile-messages.ts'
import { TilePool } from './tile-pool.ts'
import { poolOf } from './tile-pools.ts'
import type { TilePools } from './tile-pools.ts'

/** Cells from which on averaging is waited for. */
const largeLayer = 1_000_000

const defaults = { cacheBytes: 128e6, memoryBytes: 64e6, diskBytes: 2e9 }

/** The map of a project: layers as tiles, what is under the pointer, series of cells, previews of models. Decides here, computes
 *  in two child processes: one for tiles, one for what takes long. */
export class MapService {
  readonly #project: Project
  readonly #folder: string | null
  readonly #layers: OpenLayers
  readonly #samples = new Map<string, TiledLayer['sampled']>()
  readonly #settings: TileSettings
  readonly #pools: TilePools
  /** All that run, those above among them. */
  readonly #running: Set<TilePool>
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
    this.#settings = all
    this.#layers = new OpenLayers((id) => {
      this.#samples.delete(id)
      this.#pools.quick.forget(id)
      this.#pools.long.forget(id)
    })
    this.#pools = { quick: this.#newPool(), long: this.#newPool() }
    this.#running = new Set([this.#pools.quick, this.#pools.long])
  }

  #newPool(): TilePool {
    return new TilePool(this.#settings, (id) => this.#layers.layer(id))
  }

  /** Process ids of the children that run. */
  get pids(): number[] {
    return [...this.#running].map((pool) => pool.pid).filter((pid) => pid !== null)
  }

  close(): void {
    this.#isClosed = true
    this.#preview?.abort()
    for (const pool of this.#running) pool.close()
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
    const pool = this.#newPool()
    this.#running.add(pool)
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
      this.#running.delete(pool)
      pool.close()
    }
  }

  /** @throws what a source that cannot be drawn throws, naming what to mend */
  async openLayer(source: LayerSource, crs?: string, signal?: AbortSignal): Promise<TiledLayer> {
    const target = crs === undefined ? undefined : normaliseCrs(crs)
    this.#pools.quick.warm()
    const { plan, name, quantity, depth } = await planLayer(source, {
      project: this.#project,
      preview: (id) => this.#layers.preview(id),
    })
    const reader = new RasterReader({ cacheBytes: 0 })
    const { field, close } = openField(plan, reader, unreadPreview)
    const place = layerPlace(field, target)
    close()
    reader.close()
    const layer: OpenLayer['layer'] = {
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
    this.#layers.keep({ layer, plan, crs: target, source })
    const sampled = await this.#sampled(place.id, signal)
    // Something is on the map: a look at a cell or a preview is near, and a process takes its moment to start.
    this.#pools.long.warm()
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
    const known = this.#layers.layer(id)
    const { level, row, col } = place
    return poolOf(this.#pools, known).ask(
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
    const known = this.#layers.layer(id)
    return poolOf(this.#pools, known).ask(
      'histogram',
      { layer: id, day: dayFor(known.layer, day), options },
      { layer: id, what: `the histogram of "${known.layer.name}" on ${day}`, signal },
    )
  }

  /** What layers have at a place, and what the models behind those that have one say there. */
  inspect(place: LayerPlace, day: Day | 'static', ids: readonly string[], signal?: AbortSignal): Promise<Inspection> {
    return inspectPlace(this.#lookedAt, place, day, ids, signal)
  }

  /** Values of one cell on days, of layers, of the coarse product of runs, and of the nearest stations. */
  cellSeries(
    place: LayerPlace,
    asked: AskedSeries,
    signal?: AbortSignal,
  ): Promise<{ days: readonly Day[]; series: readonly CellSeries[] }> {
    return seriesAtPlace(this.#lookedAt, place, asked, signal)
  }

  get #lookedAt(): LookedAt {
    return { project: this.#project, layers: this.#layers, pools: this.#pools }
  }

  /** Trains a preview of a recipe. One that is under way is stopped.
   *  @throws bad_recipe; cancelled when a newer one is asked for */
  async preview(recipe: Record<string, unknown>, rows: number, signal?: AbortSignal): Promise<PreviewAnswer> {
    this.#preview?.abort()
    const own = new AbortController()
    this.#preview = own
    const spec = await planPreview(recipe, rows, this.#project)
    this.#layers.keepPreview(spec)
    const stop = signal ? AbortSignal.any([signal, own.signal]) : own.signal
    return this.#pools.long.ask('preview', { spec }, { what: 'the rows of a preview', signal: stop })
  }

  async #sampled(id: string, signal?: AbortSignal): Promise<TiledLayer['sampled']> {
    const before = this.#samples.get(id)
    if (before !== undefined) return before
    const known = this.#layers.layer(id)
    const path = this.#folder === null || isLong(known.plan) ? null : join(this.#folder, 'sampled', `${id}.json`)
    const sampled = await keptSample(known, path, poolOf(this.#pools, known), signal)
    if (sampled === undefined) return null
    this.#samples.set(id, sampled)
    return sampled
  }
}
