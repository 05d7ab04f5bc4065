import { LoamError } from '../../contract/index.ts'
import type { Block, Day, Grid, TileBody } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { coarsenGrid, gridInCrs } from '../raster/index.ts'
import type { ReadWindow } from '../raster/index.ts'
import { isPyramidMade, levelsOf, readPyramid } from './pyramid.ts'
import type { PyramidStore } from './pyramid-store.ts'
import { readSingleCells } from './single-cells.ts'
import type { Economy } from './single-cells.ts'

export const tileCells = 256

/** A layer as it is drawn: a field on a grid, and how to get its coarser levels. */
export interface DrawnLayer {
  readonly id: string
  readonly field: Field
  readonly grid: Grid
  readonly levels: number
  /** A window of a level, which must lie inside it.
   *  @param economy single cells may be looked at in place of averages that are not at hand */
  readLevel(level: number, window: ReadWindow, day: Day, signal?: AbortSignal, economy?: Economy): Promise<Block>
}

/** What a field may bring along to be read coarsely in a way of its own, on the grid it is drawn on; null: average the finest
 *  cells. */
export type LevelReader = (
  grid: Grid,
  level: number,
  window: ReadWindow,
  day: Day,
  signal?: AbortSignal,
  economy?: Economy,
) => Promise<Block | null>

/** @param crs CRS of the map; default the field's own */
export function drawnLayer(
  field: Field,
  { crs, store, ownLevels }: { readonly crs?: string; readonly store: PyramidStore; readonly ownLevels?: LevelReader },
): DrawnLayer {
  const place = layerPlace(field, crs)
  const { grid } = place
  return {
    ...place,
    field,
    async readLevel(level, window, day, signal, economy) {
      const found = await ownLevels?.(grid, level, window, day, signal, economy)
      if (found) return found
      if (level === 0) return field.read({ grid, ...window }, day, { signal })
      const source = { field, grid, kind: field.kind, store }
      if (economy && !(await isPyramidMade(source, level, window, day)))
        return readSingleCells(field, economy, window, day, signal)
      return readPyramid(source, level, window, day, signal)
    },
  }
}

export interface TilePlace {
  readonly level: number
  readonly row: number
  readonly col: number
  readonly isQuick?: boolean
}

/** Raised when tiles get other numbers without their field changing. */
const method = 1

/** Where a layer is drawn and under which id, without reading anything.
 *  @throws unsupported_grid when it cannot be drawn in that CRS */
export function layerPlace(field: Field, crs: string | undefined): Pick<DrawnLayer, 'id' | 'grid' | 'levels'> {
  const own = field.nativeGrid
  if (!own)
    throw new LoamError(
      'unsupported_grid',
      `"${field.name}" has the same value everywhere and no grid, and the project has no raster whose grid it could be drawn on. Add a dataset first.`,
    )
  const grid = crs === undefined ? own : gridInCrs(own, crs)
  const id = hashJson({ layer: method, field: field.id, kind: field.kind, times: field.times, grid })
  return { id, grid, levels: levelsOf(grid, tileCells) }
}

/** A tile, and of how many cells of the layer's grid one was looked at: 1 unless it was to be had quickly.
 *  @param isQuick single cells may be looked at in place of averages that are not at hand
 *  @throws not_found when the layer has no such tile */
export async function readTile(
  layer: DrawnLayer,
  day: Day,
  { level, row, col, isQuick }: TilePlace,
  signal?: AbortSignal,
): Promise<{ readonly tile: TileBody; readonly oneOf: number }> {
  const exists = level >= 0 && level < layer.levels
  const size = exists ? coarsenGrid(layer.grid, 2 ** level) : { rows: 0, cols: 0 }
  const window = {
    row: row * tileCells,
    col: col * tileCells,
    rows: Math.min(tileCells, size.rows - row * tileCells),
    cols: Math.min(tileCells, size.cols - col * tileCells),
  }
  if (!(row >= 0 && col >= 0 && window.rows > 0 && window.cols > 0))
    throw new LoamError(
      'not_found',
      `The layer has no tile ${level}/${row}/${col}: it has levels 0 to ${layer.levels - 1}, ${layer.grid.rows} × ${layer.grid.cols} cells and tiles of ${tileCells}.`,
      { level, row, col },
    )
  const economy = isQuick && level > 0 ? { grid: layer.grid, step: 2 ** level, oneOf: 1 } : undefined
  const tile = await layer.readLevel(level, window, day, signal, economy)
  return { tile, oneOf: economy?.oneOf ?? 1 }
}
