import type { Block, Day, Grid, GridWindow } from '../../contract/index.ts'
import type { Field, ReadOptions } from '../fields/index.ts'
import { coarsenGrid, gridInCrs, resample } from '../raster/index.ts'
import { isPyramidMade, mostLevels, readPyramid } from './pyramid.ts'
import type { PyramidStore } from './pyramid-store.ts'
import { readSingleCells } from './single-cells.ts'
import type { Economy } from './single-cells.ts'

/** A field that is told, window by window, whether it may look at single cells. */
export interface CoarseField extends Field {
  read(window: GridWindow, day: Day, options?: ReadOptions & { readonly economy?: Economy }): Promise<Block>
}

/** Thrown where a square would have to be made first. */
const notMade = Symbol('not made')

/** The same field, cheap to read on grids much coarser than its own: from the coarsest level of its pyramid that is still as
 *  fine as the grid asked for. On its own grid and finer ones nothing changes. With an economy, squares that are not made yet are
 *  not waited for: single cells are looked at.
 *  @param minValidFraction of a cell asked for that must be covered by cells of the level */
export function coarselyRead(field: Field, store: PyramidStore, minValidFraction: number): CoarseField {
  const grid = field.nativeGrid
  if (!grid) return field
  const inCrs = new Map<string, Grid>()
  const ownIn = (crs: string): Grid => {
    const known = inCrs.get(crs) ?? gridInCrs(grid, crs)
    inCrs.set(crs, known)
    return known
  }
  return {
    ...field,
    async read(window, day, options) {
      const level = levelFor(ownIn(window.grid.crs), window.grid)
      if (level === 0) return field.read(window, day, options)
      const source = { field, grid, kind: field.kind, store }
      const economy = options?.economy
      try {
        return await resample(
          {
            grid: coarsenGrid(grid, 2 ** level),
            kind: field.kind,
            async read(part, stop) {
              if (economy && !(await isPyramidMade(source, level, part, day))) throw notMade
              return readPyramid(source, level, part, day, stop)
            },
          },
          window,
          { minValidFraction, signal: options?.signal },
        )
      } catch (thrown) {
        if (thrown !== notMade || !economy) throw thrown
        return readSingleCells(field, economy, window, day, options?.signal)
      }
    },
  }
}

/** Cells of this level are not larger than those of the grid asked for, and those of the next are.
 *  @param own the field's grid, in the CRS of the other */
function levelFor(own: Grid, asked: Grid): number {
  const [, width, , , , height] = own.transform
  const ratio = Math.min(Math.abs(asked.transform[1] / width), Math.abs(asked.transform[5] / height))
  // Cells that are equal but for rounding are equal.
  return Math.max(0, Math.min(mostLevels, Math.floor(Math.log2(ratio * (1 + 1e-6)))))
}
