import type { Block, Day, Grid, GridWindow } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { coarsenGrid, gridInCrs, resample } from '../raster/index.ts'
import { mostLevels, readPyramid } from './pyramid.ts'
import type { PyramidStore } from './pyramid-store.ts'

/** The same field, cheap to read on grids much coarser than its own: from the coarsest level of its pyramid that is still as
 *  fine as the grid asked for. On its own grid and finer ones nothing changes.
 *  @param minValidFraction of a cell asked for that must be covered by cells of the level */
export function coarselyRead(field: Field, store: PyramidStore, minValidFraction: number): Field {
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
    async read(window: GridWindow, day: Day, options): Promise<Block> {
      const level = levelFor(ownIn(window.grid.crs), window.grid)
      if (level === 0) return field.read(window, day, options)
      const source = { field, grid, kind: field.kind, store }
      return resample(
        {
          grid: coarsenGrid(grid, 2 ** level),
          kind: field.kind,
          read: (part, stop) => readPyramid(source, level, part, day, stop),
        },
        window,
        { minValidFraction, signal: options?.signal },
      )
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
