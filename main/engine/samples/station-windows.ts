import type { Grid, GridWindow } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'
import type { DailyTable } from '../stations/index.ts'

/** A station on the fine grid. */
export interface PlacedStation {
  /** Index in the table's stations. */
  readonly station: number
  /** In the fine grid's CRS. */
  readonly x: number
  readonly y: number
  /** Cell of the fine grid that contains it. */
  readonly row: number
  readonly col: number
}

export interface Placing {
  readonly placed: PlacedStation[]
  /** Why the others have no cell, by station index. */
  readonly unplaced: Map<number, 'place:unknown' | 'place:outside_grid'>
}

/** Finds the fine cell of every station. A station on an edge belongs to the cell right of and below it. */
export function placeStations(table: Pick<DailyTable, 'stations' | 'crs'>, fineGrid: Grid): Placing {
  const known = [...table.stations.keys()].filter((i) => {
    const { x, y } = table.stations[i]
    return table.crs !== '' && x !== null && y !== null
  })
  const x = Float64Array.from(known, (i) => table.stations[i].x!)
  const y = Float64Array.from(known, (i) => table.stations[i].y!)
  if (known.length > 0) transformPoints(table.crs, fineGrid.crs, x, y)
  const [west, width, , north, , height] = fineGrid.transform
  const placed: PlacedStation[] = []
  known.forEach((station, i) => {
    const row = Math.floor((y[i] - north) / height)
    const col = Math.floor((x[i] - west) / width)
    if (row >= 0 && row < fineGrid.rows && col >= 0 && col < fineGrid.cols)
      placed.push({ station, x: x[i], y: y[i], row, col })
  })
  const unplaced: Placing['unplaced'] = new Map()
  const inside = new Set(placed.map((one) => one.station))
  const hasPlace = new Set(known)
  for (const station of table.stations.keys())
    if (!inside.has(station)) unplaced.set(station, hasPlace.has(station) ? 'place:outside_grid' : 'place:unknown')
  return { placed, unplaced }
}

/** Side of the squares that stations are gathered in. A read costs more than the cells of such a square. */
const tileSide = 64

/** Windows that together hold all stations: the stations of each 64 × 64 square of the grid share one, no larger than it
 *  must be. Close stations (a farm) then cost one read a day, far ones one cell each. */
export function stationWindows(
  grid: Grid,
  placed: readonly PlacedStation[],
): { window: GridWindow; stations: PlacedStation[] }[] {
  const tiles = new Map<string, PlacedStation[]>()
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
