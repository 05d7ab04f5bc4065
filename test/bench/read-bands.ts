import type { Grid } from '../../main/contract/index.ts'
import { describeRaster, RasterReader } from '../../main/engine/raster/index.ts'

/** Every band of a raster's first layer. */
export async function readBands(path: string): Promise<{ grid: Grid; bands: Float32Array[] }> {
  const [layer] = (await describeRaster(path)).layers
  const reader = new RasterReader({ cacheBytes: 0 })
  const { grid, subdataset } = layer
  const bands: Float32Array[] = []
  for (const { band, scale, offset, nodata, validRange } of layer.bands) {
    const source = { path, subdataset, band, grid, scale, offset, nodata, validRange }
    bands.push((await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })).values)
  }
  reader.close()
  return { grid, bands }
}

/** Over cells that both have. */
export function rmse(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [sum, n] = [0, 0]
  for (let i = 0; i < truth.length; i++) {
    const residual = truth[i] - predicted[i]
    if (Number.isNaN(residual)) continue
    sum += residual * residual
    n++
  }
  return Math.sqrt(sum / n)
}
