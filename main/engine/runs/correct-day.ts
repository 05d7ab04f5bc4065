import { reasonCodes } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'
import { ScratchFile, hashFile, temporaryPathFor } from '../files/index.ts'
import { mapOnDisk } from '../geostatistics/index.ts'
import { closureLayer, layerPath, layerQuantity } from '../products/index.ts'
import type { MapLayer } from '../products/index.ts'
import { MapWriter } from '../raster/index.ts'
import type { MapOptions } from '../raster/index.ts'
import type { MapPart, TilePart, TileWindow } from './part-keys.ts'
import type { ResidualRecord, ResidualStep } from './residual-step.ts'
import type { RunContext } from './run-context.ts'

/** A day's map with its residual correction. It lies in a scratch file until it is closed. */
export interface CorrectedDay {
  readonly record: ResidualRecord
  readonly closureMap: Float32Array
  /** The corrected values of a tile. */
  read(window: TileWindow): Float32Array
  close(): void
}

/** Corrects a day's map: the residual of a coarse cell needs all tiles it lies in, so they are laid into a scratch file.
 *  @param path where the map will be
 *  @throws not_closed when the map may then not be published */
export async function correctDay(
  run: RunContext,
  residual: ResidualStep,
  part: MapPart,
  path: string,
  readTile: (tile: TilePart) => Promise<{ block: Block }>,
  options: { signal: AbortSignal; threads: number },
): Promise<CorrectedDay> {
  const file = new ScratchFile(`${temporaryPathFor(path)}.map`)
  try {
    const map = mapOnDisk(file, run.plan.fineGrid.cols)
    for (const tile of part.tiles) map.write(tile.window, (await readTile(tile)).block.values)
    const { record, closureMap } = await residual.correct(map, part.day, options)
    residual.requireClosed(record, part.day)
    return { record, closureMap, read: (window) => map.read(window), close: () => file.close() }
  } catch (fault) {
    file.close()
    throw fault
  }
}

/** The corrected values of a tile. Its quantiles are moved as far as its value; standard deviation and index stay. */
export function moveTile(
  { block, layers }: { block: Block; layers: Float32Array[] },
  about: readonly MapLayer[],
  values: Float32Array,
): Block {
  for (const quantile of layers.filter((_, i) => about[i].quantile !== null))
    for (let i = 0; i < quantile.length; i++) quantile[i] += values[i] - block.values[i]
  return { ...block, values }
}

/** Publishes the closure map of a day beside its map.
 *  @returns its path and SHA-256 */
export async function publishClosureMap(
  mapPath: string,
  options: MapOptions,
  { closureGrid: grid }: ResidualStep,
  values: Float32Array,
): Promise<{ path: string; sha256: string }> {
  const path = layerPath(mapPath, closureLayer)
  const quantity = layerQuantity(options.quantity, closureLayer)
  const writer = await MapWriter.create(path, { ...options, grid, quantity, encoding: 'float32' })
  try {
    const reasons = Uint8Array.from(values, (value) => (Number.isNaN(value) ? reasonCodes.no_data : reasonCodes.none))
    const { rows, cols } = grid
    await writer.writeBlock({ row: 0, col: 0, rows, cols }, { rows, cols, values, reasons })
    await writer.finish()
  } catch (fault) {
    await writer.abort()
    throw fault
  }
  return { path, sha256: await hashFile(path) }
}
