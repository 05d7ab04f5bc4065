import { copyFile, link, mkdir, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { hasValue, reasonCodes, reasonNames } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { hashFile, publish, publishBytes } from '../files/index.ts'
import {
  closureLayer,
  createLayeredMap,
  layerPath,
  layerQuantity,
  productLayers,
  publishedLayers,
  stacItem,
} from '../products/index.ts'
import type { MapLayer } from '../products/index.ts'
import type { ComputeHooks, PartResult } from './compute-part.ts'
import { correctDay, moveTile, publishClosureMap } from './correct-day.ts'
import type { MapPart, TilePart } from './part-keys.ts'
import type { ResidualRecord } from './residual-step.ts'
import type { RunContext } from './run-context.ts'

/** What the store remembers of a published map. `file` is relative to the store's folder. */
export interface MapRecord {
  readonly file: string
  readonly sha256: string
  readonly bytes: number
  readonly cells: number
  readonly validCells: number
  readonly mean: number | null
  /** Cells whose value is outside the area of applicability; absent in a run that does not map it. */
  readonly outside?: number
  /** Cells without a value, by reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** The files of its layers (quantiles, standard deviation); absent in a run without intervals. */
  readonly layers?: readonly LayerRecord[]
  /** What the residual correction found; absent in a run without one. */
  readonly residual?: ResidualRecord
}

export interface LayerRecord {
  readonly name: string
  readonly file: string
  readonly sha256: string
  readonly bytes: number
}

/** Joins a day's tiles to one Cloud-Optimised GeoTIFF with its STAC item in the run's folder, and drops the tiles. */
export async function publishMap(
  run: RunContext,
  part: MapPart,
  { signal, threads }: ComputeHooks,
): Promise<PartResult> {
  const { plan } = run
  const { quantity, unit, encoding } = plan.recipe.product
  await mkdir(run.mapsFolder, { recursive: true })
  const path = mapPath(run, part)
  const counts = new Float64Array(256)
  let sum = 0
  const layers = layersOf(run)
  const { applicability } = part.tiles[0]
  const threshold = applicability === null ? null : (await run.area(applicability)).area.threshold
  const options = {
    grid: plan.fineGrid,
    encoding,
    quantity,
    unit,
    day: part.day,
    tags: {
      LOAM_MAP: part.key,
      LOAM_MODEL: part.tiles[0].model,
      LOAM_LINEAGE: run.parts.lineage,
      ...(threshold === null ? {} : { LOAM_APPLICABILITY_THRESHOLD: String(threshold) }),
    },
  }
  const readTile = async (tile: TilePart): Promise<{ block: Block; layers: Float32Array[] }> => {
    signal.throwIfAborted()
    const { payload } = await run.need(tile.key, `tile ${tile.window.row},${tile.window.col} of ${part.day}`)
    return unpackTile(tile, payload, layers.length)
  }
  const { residual } = run.fields
  const corrected = residual ? await correctDay(run, residual, part, path, readTile, { signal, threads }) : null
  let closure: { path: string; sha256: string } | null = null
  try {
    if (plan.recipe.product.residual?.closureMap && corrected)
      closure = await publishClosureMap(path, options, residual!, corrected.closureMap)
    const writer = await createLayeredMap(path, options, layers)
    try {
      for (const tile of part.tiles) {
        const found = await readTile(tile)
        const block = corrected ? moveTile(found, layers, corrected.read(tile.window)) : found.block
        for (let i = 0; i < block.reasons.length; i++) {
          counts[block.reasons[i]]++
          if (hasValue(block.reasons[i])) sum += block.values[i]
        }
        await writer.writeBlock(tile.window, block, found.layers)
      }
      await writer.finish()
    } catch (fault) {
      await writer.abort()
      throw fault
    }
  } finally {
    corrected?.close()
  }
  const { size } = await stat(path)
  const sha256 = await hashFile(path)
  const layerRecords = await Promise.all(
    layers.map(async (layer) => {
      const own = layerPath(path, layer)
      const { size: bytes } = await stat(own)
      return { name: layer.name, file: relative(plan.store, own), sha256: await hashFile(own), bytes }
    }),
  )
  await publishStacItem(run, part, sha256, layerRecords)
  if (closure)
    layerRecords.push({
      name: closureLayer.name,
      file: relative(plan.store, closure.path),
      sha256: closure.sha256,
      bytes: (await stat(closure.path)).size,
    })
  const outside = counts[reasonCodes.outside_applicability]
  const validCells = counts[reasonCodes.none] + outside
  const record: MapRecord = {
    file: relative(plan.store, path),
    sha256,
    bytes: size,
    cells: plan.fineGrid.rows * plan.fineGrid.cols,
    validCells,
    mean: validCells > 0 ? sum / validCells : null,
    ...(threshold === null ? {} : { outside }),
    reasons: Object.fromEntries(
      [...counts.entries()].filter(([code, n]) => !hasValue(code) && n > 0).map(([code, n]) => [reasonNames[code], n]),
    ),
    ...(layerRecords.length > 0 ? { layers: layerRecords } : {}),
    ...(corrected ? { residual: corrected.record } : {}),
  }
  return { meta: { ...record }, payload: [] }
}

function unpackTile(
  { window }: TilePart,
  payload: Uint8Array,
  layerCount: number,
): { block: Block; layers: Float32Array[] } {
  const { rows, cols } = window
  const cells = rows * cols
  const array = (i: number): Float32Array => new Float32Array(payload.buffer, payload.byteOffset + i * cells * 4, cells)
  const start = cells * 4 * (layerCount + 1)
  return {
    block: { rows, cols, values: array(0), reasons: payload.subarray(start, start + cells) },
    layers: Array.from({ length: layerCount }, (_, i) => array(i + 1)),
  }
}

/** Whether a map is in this run's folder; one that another run already made is linked into it.
 *  @returns its record, or null when it has to be computed
 *  @throws not_closed when this run's gate keeps it from being published */
export async function settleMap(run: RunContext, part: MapPart): Promise<MapRecord | null> {
  const stored = await run.store.get(part.key)
  if (!stored) return null
  const record = stored.meta as unknown as MapRecord
  // Another run, with another gate, may have published the same map.
  if (record.residual) run.fields.residual?.requireClosed(record.residual, part.day)
  const layers = filesBeside(run)
  if (layers.some((layer, i) => record.layers?.[i]?.name !== layer.name)) return null
  // The layers first, as they are published first.
  for (const [i, layer] of layers.entries())
    if (!(await settleFile(run, layerPath(mapPath(run, part), layer), record.layers![i]))) return forget(run, part)
  const settled = await settleFile(run, mapPath(run, part), record)
  if (!settled) return forget(run, part)
  if (settled === 'linked') await publishStacItem(run, part, record.sha256, record.layers)
  return record
}

async function forget(run: RunContext, part: MapPart): Promise<null> {
  await run.store.remove(part.key)
  return null
}

/** Makes sure that a file is in this run's folder. */
async function settleFile(
  run: RunContext,
  path: string,
  record: { readonly file: string; readonly sha256: string; readonly bytes: number },
): Promise<'here' | 'linked' | null> {
  const here = await stat(path).catch(() => null)
  if (here && here.size === record.bytes) return 'here'
  const source = resolve(run.plan.store, record.file)
  const isWhole = source !== path && (await hashFile(source).catch(() => null)) === record.sha256
  if (!isWhole) return null
  await mkdir(run.mapsFolder, { recursive: true })
  await publish(path, (temporary) => link(source, temporary).catch(() => copyFile(source, temporary)))
  return 'linked'
}

/** All files beside each map. */
export function filesBeside(run: RunContext): MapLayer[] {
  return publishedLayers(run.plan.recipe.product)
}

/** The maps on its grid beside each map. */
export function layersOf(run: RunContext): MapLayer[] {
  return productLayers(run.plan.recipe.product)
}

/** Drops the tiles of a published map: the map holds the same numbers. */
export async function dropTiles(run: RunContext, part: MapPart): Promise<void> {
  for (const tile of part.tiles) await run.store.remove(tile.key)
}

/** `soil_moisture_2018-07-04.tif` in the run's maps folder. */
export function mapPath(run: RunContext, part: MapPart): string {
  return join(run.mapsFolder, mapFileName(run.plan.recipe.product.quantity, part.day))
}

/** `soil_moisture_2018-07-04.tif` */
export function mapFileName(quantity: string, day: Day): string {
  return `${quantity.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase()}_${day}.tif`
}

async function publishStacItem(
  run: RunContext,
  part: MapPart,
  sha256: string,
  records: readonly LayerRecord[] = [],
): Promise<void> {
  const { recipe, fineGrid } = run.plan
  const path = mapPath(run, part)
  const name = path.slice(run.mapsFolder.length + 1)
  const item = stacItem({
    id: name.replace(/\.tif$/, ''),
    grid: fineGrid,
    day: part.day,
    href: `./${name}`,
    sha256,
    quantity: recipe.product.quantity,
    unit: recipe.product.unit,
    encoding: recipe.product.encoding,
    layers: layersOf(run).map((layer, i) => ({
      name: layer.name,
      title: layerQuantity(recipe.product.quantity, layer),
      unit: layer.isIndex ? '1' : recipe.product.unit,
      encoding: layer.isIndex ? ('float32' as const) : recipe.product.encoding,
      href: `./${basename(layerPath(path, layer))}`,
      sha256: records[i].sha256,
    })),
    properties: {
      'loam:plan': run.plan.id,
      'loam:map': part.key,
      'loam:model': part.tiles[0].model,
      'loam:lineage': run.parts.lineage,
    },
  })
  await publishBytes(path.replace(/\.tif$/, '.json'), `${JSON.stringify(item, null, 2)}\n`)
}
