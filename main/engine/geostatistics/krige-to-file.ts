import type { Grid } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { cellCentres, RasterReader, writeValueFile } from '../raster/index.ts'
import { krige } from './kriging.ts'
import type { KrigingSystem } from './kriging.ts'
import type { PointValues } from './points.ts'
import { chooseAndSolve } from './choose-and-solve.ts'
import type { KrigingChoice, KrigingSummary } from './choose-and-solve.ts'
import { openColumn } from './raster-column.ts'
import type { CellWindow, GridColumn } from './raster-column.ts'
import { checkPlanar, pointsIn, readPoints } from './read-points.ts'
import type { PointTable } from './read-points.ts'
import { formatVariogram } from './variogram-model.ts'

export interface KrigeToFileOptions extends KrigingChoice {
  readonly points: PointTable
  readonly grid: Grid
  /** `x`, `y`, a raster on the same grid, or `column=raster`: at the points that column of their table instead of the raster's cell. */
  readonly drift?: readonly string[]
  /** Raster of a model's prediction on the same grid: regression kriging. What the points differ from it is kriged, and added to
   *  it again; the variance is that of the residuals. */
  readonly trend?: string
  readonly out: string
  readonly onProgress?: (share: number) => void
}

/** Some 60 bytes of work each. */
const cellsPerWindow = 500_000

/** Kriges the points of a table to a GeoTIFF with the bands prediction and variance, window by window.
 *  @throws what readPoints and solveKriging throw; unsupported_grid for a drift raster on another grid or degrees; too_large;
 *  not_found, disk_full, cancelled */
export async function krigeToFile(options: KrigeToFileOptions): Promise<KrigingSummary> {
  const { grid, out, signal } = options
  const drifts = (options.drift ?? []).map(driftOf)
  const rasters = drifts.map(({ source }) => source).filter((name) => name !== 'x' && name !== 'y')
  const { trend: trendPath, variance: hasVariance = true } = options
  await requireOutputPlace(out, [options.points.path, ...rasters, ...(trendPath === undefined ? [] : [trendPath])])
  checkPlanar(grid.crs, options.points.greatCircle ?? false)
  const named = drifts.flatMap(({ column }) => (column === null ? [] : [column]))
  const read = await readPoints({ ...options.points, columns: named }, signal)
  const places = pointsIn(read.points, read.crs, grid.crs)
  const reader = new RasterReader({ cacheBytes: 64 * 2 ** 20 })
  try {
    const drift = await Promise.all(drifts.map(({ source }) => openColumn(source, 'drift', grid, reader)))
    const trend = trendPath === undefined ? null : await openColumn(trendPath, 'trend', grid, reader)
    const points = trend ? residualsOf(places, await trend.atStations(places)) : places
    const atStations = await Promise.all(
      drifts.map(({ column }, d) =>
        column === null ? drift[d].atStations(points) : read.columns[named.indexOf(column)],
      ),
    )
    const cells = grid.rows * grid.cols
    const { greatCircle } = options.points
    const { system, model, candidates, plan } = await chooseAndSolve(
      points,
      { drift: atStations, greatCircle, cells },
      options,
    )
    const unit = options.points.log ? `ln(${options.points.value})` : options.points.value
    let validCells = 0
    await writeValueFile(
      out,
      {
        grid,
        signal,
        bands: [{ name: `prediction of ${unit}` }, ...(hasVariance ? [{ name: `kriging variance of ${unit}` }] : [])],
        tags: { LOAM_VARIOGRAM: formatVariogram(model, 15), LOAM_STATIONS: String(points.x.length) },
      },
      async (write) => {
        const rowsAtOnce = Math.max(1, Math.floor(cellsPerWindow / grid.cols))
        // One window is packed and written while the next is kriged.
        let written: Promise<void> = Promise.resolve()
        try {
          for (let row = 0; row < grid.rows; row += rowsAtOnce) {
            const window = { row, col: 0, rows: Math.min(rowsAtOnce, grid.rows - row), cols: grid.cols }
            const share = (done: number): void => options.onProgress?.((row + window.rows * done) / grid.rows)
            const [prediction, ...spread] = await krigeWindow(system, grid, window, drift, trend, signal, share)
            for (let i = 0; i < prediction.length; i++) if (!Number.isNaN(prediction[i])) validCells++
            await written
            written = write(window, [prediction, ...spread])
            // Awaited above or below; until then its failure is not one that nobody looks at.
            written.catch(() => {})
          }
        } finally {
          await written
        }
      },
    )
    const { withoutValue, averaged } = read
    return { stations: points.x.length, withoutValue, averaged, model, candidates, cells, validCells, plan }
  } finally {
    reader.close()
  }
}

/** Prediction, and variance where it is prepared; where the trend has no value there is neither. */
async function krigeWindow(
  system: KrigingSystem,
  grid: Grid,
  window: CellWindow,
  drift: readonly GridColumn[],
  trend: GridColumn | null,
  signal: AbortSignal | undefined,
  onProgress: (share: number) => void,
): Promise<Float32Array[]> {
  const { x, y } = cellCentres({ grid, ...window })
  const columns = await Promise.all(drift.map((column) => column.atCells(window, x, y)))
  const { prediction, variance } = await krige(system, { x, y, drift: columns }, { signal, onProgress })
  const base = await trend?.atCells(window, x, y)
  if (base)
    for (let i = 0; i < prediction.length; i++) {
      prediction[i] += base[i]
      if (variance && Number.isNaN(base[i])) variance[i] = Number.NaN
    }
  return [prediction, ...(variance ? [variance] : [])].map((column) => Float32Array.from(column))
}

function residualsOf(points: PointValues, trend: Float64Array): PointValues {
  return { ...points, values: points.values.map((value, i) => value - trend[i]) }
}

/** `x`, `elevation.tif` or `height=elevation.tif`. */
function driftOf(text: string): { column: string | null; source: string } {
  const [, column, source] = /^([^=/\\]+)=(.+)$/.exec(text) ?? []
  return column === undefined ? { column: null, source: text } : { column, source }
}
