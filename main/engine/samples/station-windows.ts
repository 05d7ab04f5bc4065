import type { Grid, GridWindow } from '../../contract/index.ts'
import { placeStations } from '../stations/index.ts'
import type { DailyTable } from '../stations/index.ts'

/** A station on the fine grid. */
export interface LocatedStation {
  /** Index in the table's stations. */
  readonly station: number
  /** In the fine grid's CRS. */
  readonly x: number
  readonly y: number
  /** Cell of the fine grid that contains it. */
  readonly row: number
  readonly col: number
}

export interface StationCells {
  readonly placed: LocatedStation[]
  /** Why the others have no cell, by station index. */
  readonly unplaced: Map<number, 'place:unknown' | 'place:outside_grid'>
}

/** Finds the fine cell of every station. A station on an edge belongs to the cell right of and below it. */
export function locateStations(table: Pick<DailyTable, 'set' | 'stations' | 'crs'>, fineGrid: Grid): StationCells {
  const placed: LocatedStation[] = []
  const unplaced: StationCells['unplaced'] = new Map()
  const [west, width, , north, , height] = fineGrid.transform
  const { set: name, stations, crs } = table
  const { x, y } = crs === '' ? { x: [], y: [] } : placeStations({ name, stations, crs }, fineGrid.crs)
  for (const [station, { x: known }] of stations.entries()) {
    const row = Math.floor((y[station] - north) / height)
    const col = Math.floor((x[station] - west) / width)
    const isInside = row >= 0 && row < fineGrid.rows && col >= 0 && col < fineGrid.cols
    if (isInside) placed.push({ station, x: x[station], y: y[station], row, col })
    else unplaced.set(station, crs === '' || known === null ? 'place:unknown' : 'place:outside_grid')
  }
  return { placed, unplaced }
}

/** Side of the squares that stations are gathered in. A read costs more than the cells of such a square. */
const tileSide = 64

/** Windows that together hold all stations: the stations of each 64 × 64 square of the grid share one, no larger than it
 *  must be. Close stations (a farm) then cost one read a day, far ones one cell each. */
export function stationWindows(
  grid: Grid,
  placed: readonly LocatedStation[],
): { window: GridWindow; stations: LocatedStation[] }[] {
  const tiles = new Map<string, LocatedStation[]>()
  for (const one of placed) {
    const key = `${Math.floor(one.row / tileSide)} ${Math.floor(one.col / tileSide)}`
    const tile = tiles.get(key)
    if (tile) tile.push(one)
    else tiles.set(key, [one])
  }
  return [...tiles.values()].map((stations) => {
    const rows = stations.map((one) => one.row)
    const cols = stations.map((one) => one.col)
    const row = Math.min(...rows)
    const col = Math.min(...cols)
    const window = { grid, row, col, rows: Math.max(...rows) - row + 1, cols: Math.max(...cols) - col + 1 }
    return { window, stations }
  })
}
