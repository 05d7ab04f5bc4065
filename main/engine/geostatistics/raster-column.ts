import { LoamError, sameGrid } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { describeRaster, gridOfFile } from '../raster/index.ts'
import type { BandSource, RasterReader } from '../raster/index.ts'
import type { PointValues } from './points.ts'

export interface CellWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** A quantity known at the stations and on every cell of the grid that is kriged. */
export interface GridColumn {
  atStations(points: PointValues): Promise<Float64Array>
  atCells(window: CellWindow, x: Float64Array, y: Float64Array): Promise<Float64Array>
}

/** The coordinate `x` or `y`, or the first band of a raster with the grid's own cells.
 *  @param role what it is, for errors: "drift"
 *  @throws unsupported_grid for a raster with other cells; missing_predictor where it has no value at a station */
export async function openColumn(name: string, role: string, grid: Grid, reader: RasterReader): Promise<GridColumn> {
  if (name === 'x' || name === 'y')
    return {
      atStations: (points) => Promise.resolve(points[name]),
      atCells: (_window, x, y) => Promise.resolve(name === 'x' ? x : y),
    }
  if (!sameGrid(await gridOfFile(name), grid))
    throw new LoamError(
      'unsupported_grid',
      `The ${role} raster ${name} has other cells than the grid that is kriged. Give it as --grid, or warp it to the grid first.`,
      { file: name },
    )
  const band = (await describeRaster(name)).layers[0].bands[0]
  const source: BandSource = {
    path: name,
    subdataset: '',
    band: 1,
    grid,
    scale: band.scale,
    offset: band.offset,
    nodata: band.nodata,
    validRange: null,
  }
  const [west, width, , north, , height] = grid.transform
  return {
    async atStations({ x, y }) {
      const values = new Float64Array(x.length)
      for (let i = 0; i < x.length; i++) {
        const [row, col] = [Math.floor((y[i] - north) / height), Math.floor((x[i] - west) / width)]
        values[i] = (await reader.read(source, { row, col, rows: 1, cols: 1 })).values[0]
        if (Number.isNaN(values[i]))
          throw new LoamError(
            'missing_predictor',
            `The ${role} raster ${name} has no value at the station (${x[i]}, ${y[i]}). Leave that station out, or use a raster that covers it.`,
            { file: name, x: x[i], y: y[i] },
          )
      }
      return values
    },
    atCells: async (window) => Float64Array.from((await reader.read(source, window)).values),
  }
}
