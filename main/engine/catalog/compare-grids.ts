import { LoamError, sameGrid } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { crsName } from '../raster/index.ts'

/** The grid that all files share.
 *  @throws unsupported_grid naming the first file on another grid and how it differs */
export function commonGrid(files: readonly { name: string; grid: Grid }[]): Grid {
  const groups: { grid: Grid; names: string[] }[] = []
  for (const { name, grid } of files) {
    const group = groups.find((each) => sameGrid(each.grid, grid))
    if (group) group.names.push(name)
    else groups.push({ grid, names: [name] })
  }
  groups.sort((a, b) => b.names.length - a.names.length)
  const [most, odd] = groups
  if (!odd) return most.grid
  throw new LoamError(
    'unsupported_grid',
    `${odd.names[0]} lies on another grid than ${most.names[0]}${most.names.length > 1 ? ` and ${most.names.length - 1} more` : ''}: ` +
      `${gridDifference(most.grid, odd.grid)}. The rasters of a dataset need one grid. Add it as a dataset of its own ` +
      `(--pattern), or warp it first.`,
    { file: odd.names[0], others: most.names[0], grids: groups.length },
  )
}

/** How grid `b` differs from `a`, as a clause. */
export function gridDifference(a: Grid, b: Grid): string {
  if (a.crs !== b.crs) return `its CRS is ${crsText(b.crs)}, not ${crsText(a.crs)}`
  const [ax, aw, , ay, , ah] = a.transform
  const [bx, bw, , by, , bh] = b.transform
  if (Math.abs(bw / aw - 1) > 1e-6 || Math.abs(bh / ah - 1) > 1e-6)
    return `its cells are ${short(bw)} × ${short(-bh)}, not ${short(aw)} × ${short(-ah)}`
  const cols = (bx - ax) / aw
  const rows = (by - ay) / ah
  const size = `it has ${b.rows} × ${b.cols} cells, not ${a.rows} × ${a.cols}`
  const isShifted = Math.abs(cols) > 1e-6 || Math.abs(rows) > 1e-6
  if (!isShifted) return size
  const half = [cols, rows].some((shift) => Math.abs(Math.abs(shift % 1) - 0.5) < 1e-3)
  const shift =
    `it starts ${short(cols)} columns to the east and ${short(rows)} rows to the south` +
    (half ? ' (half a cell: corner and centre of cells may have been mixed up)' : '')
  return a.rows === b.rows && a.cols === b.cols ? shift : `${size}, and ${shift}`
}

function crsText(crs: string): string {
  return crs.startsWith('EPSG:') ? `${crs} (${crsName(crs)})` : crsName(crs)
}

function short(value: number): string {
  return String(Number(value.toPrecision(7)))
}
