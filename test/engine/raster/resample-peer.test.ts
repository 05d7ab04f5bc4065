import { randomUUID } from 'node:crypto'
import gdal from 'gdal-async'
import { expect, it } from 'vitest'
import { wholeGrid } from '../../../main/contract/index.ts'
import type { Grid } from '../../../main/contract/index.ts'
import { RasterReader, gridExtent, gridOfFile, resample } from '../../../main/engine/raster/index.ts'
import type { BlockSource } from '../../../main/engine/raster/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { grid } from './made-source.ts'

/** The same target made by GDAL's own warper. */
function warped(path: string, target: Grid, method: string): Float32Array {
  const source = gdal.open(path)
  const result = gdal.warp(
    `/vsimem/${randomUUID()}.tif`,
    null,
    [source],
    [
      '-t_srs',
      target.crs,
      '-r',
      method,
      '-dstnodata',
      'nan',
      '-et',
      '0',
      '-ot',
      'Float32',
      '-te',
      ...gridExtent(target).map(String),
      '-ts',
      String(target.cols),
      String(target.rows),
    ],
  )
  const values = result.bands
    .get(1)
    .pixels.read(0, 0, target.cols, target.rows, new Float32Array(target.rows * target.cols))
  result.close()
  source.close()
  return values as Float32Array
}

// GDAL's `average` takes the box around a turned cell, which differs by up to 0.9 m in this steep terrain; means over many
// points in the cells side with Loam.
describeWithSharedData('resampling an elevation model as GDAL does', () => {
  it.each([
    ['to coarser cells in degrees', grid('EPSG:4326', -118.32, 34.37, 0.004, 24, 80), 'average', 1.2],
    ['to coarser cells in its own CRS', null, 'average', 0.005],
    ['to finer cells in degrees', grid('EPSG:4326', -118.2, 34.35, 0.0001, 400, 500), 'bilinear', 0.3],
  ] as const)('%s', async (_, asked, method, tolerance) => {
    const path = sharedData('dem_twi_reference/dem.tif')
    const own = await gridOfFile(path)
    const reader = new RasterReader({ cacheBytes: 32 << 20 })
    const band = { path, subdataset: '', band: 1, grid: own, scale: 1, offset: 0, nodata: [32767], validRange: null }
    const source: BlockSource = {
      grid: own,
      kind: 'continuous',
      read: (window, signal) => reader.read(band, window, signal),
    }
    const [west, , , north] = gridExtent(own)
    const target = asked ?? grid(own.crs, west + 1000, north - 1000, 217, 60, 120)
    const block = await resample(source, wholeGrid(target), { minValidFraction: 0.5 })
    const expected = warped(path, target, method)
    reader.close()
    let [compared, worst, sum] = [0, 0, 0]
    for (let i = 0; i < expected.length; i++) {
      if (block.reasons[i] !== 0 || Number.isNaN(expected[i])) continue
      const difference = block.values[i] - expected[i]
      compared++
      sum += difference
      worst = Math.max(worst, Math.abs(difference))
    }
    expect(compared).toBeGreaterThan(expected.length / 4)
    expect(Math.abs(sum / compared)).toBeLessThan(tolerance / 20)
    expect(worst).toBeLessThan(tolerance)
  })
})
