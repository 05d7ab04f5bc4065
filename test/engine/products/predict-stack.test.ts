import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reasonCodes } from '../../../main/contract/index.ts'
import type { Grid } from '../../../main/contract/index.ts'
import { learners, writeModelFile } from '../../../main/engine/models/index.ts'
import type { Model } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { predictStack, predictStacks } from '../../../main/engine/products/index.ts'
import { describeRaster, RasterReader, writeGeoTiff } from '../../../main/engine/raster/index.ts'

// Wide enough for several windows of blocks, with edges that are no multiple of them.
const [rows, cols] = [1500, 1700]
const grid: Grid = { crs: 'EPSG:32631', transform: [500_000, 10, 0, 4_800_000, 0, -10], rows, cols }
const names = ['rain', 'LST', 'clay']

let folder: string
let model: Model
let bands: Float32Array[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-stack-'))
  const random = new Random(1)
  const columns = names.map(() => Float32Array.from({ length: 400 }, () => random.uniform()))
  const target = Float64Array.from({ length: 400 }, (_, i) => columns[0][i] * 0.3 + columns[1][i] * 0.1)
  const settings = { type: 'forest', treeCount: 5, minLeafSize: 5, maxDepth: 64, sampleFraction: 1 } as const
  const about = { seed: 1, threads: 2, target: { name: 'soil moisture', unit: 'm3 m-3' } }
  model = await learners.forest.fit({ predictors: names, columns, target }, null, settings, about)
  await writeModelFile(join(folder, 'm.loammodel'), model)
  bands = names.map((_, p) => Float32Array.from({ length: rows * cols }, (_, i) => ((i * (7 + p)) % 1009) / 1009))
  bands[2][5] = NaN
  bands[1][rows * cols - 1] = NaN
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function stack(order: number[], as = names): Promise<string> {
  const path = join(folder, 'stack.tif')
  await writeGeoTiff(path, {
    grid,
    bands: order.map((p) => ({ name: as[p], values: bands[p], nodata: NaN })),
    tiled: true,
  })
  return path
}

describe('predictStack', () => {
  it('predicts every cell as the model does, with bands in another order', async () => {
    const out = join(folder, 'map.tif')
    const shares: number[] = []
    const done = await predictStack({
      modelPath: join(folder, 'm.loammodel'),
      rasterPath: await stack([2, 0, 1]),
      out,
      threads: 2,
      onProgress: (share) => shares.push(share),
    })
    expect(done).toEqual({ cells: rows * cols, validCells: rows * cols - 2 })
    expect(shares.at(-1)).toBe(1)

    const [layer] = (await describeRaster(out)).layers
    expect(layer.bands.map((band) => band.name)).toEqual(['soil moisture', 'reason'])
    expect(layer.bands[0].unit).toBe('m3 m-3')
    const reader = new RasterReader({ cacheBytes: 0 })
    const [value, reason] = await Promise.all(
      layer.bands.map(({ band, scale, offset }) =>
        reader.read(
          { path: out, subdataset: '', band, grid: layer.grid, scale, offset, nodata: [], validRange: null },
          { row: 0, col: 0, rows, cols },
        ),
      ),
    )
    reader.close()
    expect(
      Buffer.from(value.values.buffer).equals(Buffer.from((await model.predict(bands, rows * cols, 1)).buffer)),
    ).toBe(true)
    expect(reason.values[5]).toBe(reasonCodes.no_data)
    expect(reason.values[6]).toBe(0)
  })

  it('names the bands that are missing and those that are there', async () => {
    const rasterPath = await stack([0, 1], ['rain', 'temperature'])
    const out = join(folder, 'map.tif')
    await expect(
      predictStack({ modelPath: join(folder, 'm.loammodel'), rasterPath, out, threads: 1 }),
    ).rejects.toMatchObject({
      code: 'missing_predictor',
      message: expect.stringMatching(/no band named "LST", "clay"\. Its bands are named: "rain", "temperature"/),
    })
  })

  it('refuses two bands of one name', async () => {
    const options = { modelPath: join(folder, 'm.loammodel'), out: join(folder, 'map.tif'), threads: 1 }
    await expect(predictStack({ ...options, rasterPath: await stack([2, 0, 1, 0]) })).rejects.toMatchObject({
      code: 'missing_predictor',
      message: expect.stringContaining('2 bands named "rain"'),
    })
  })

  it('maps several days at once to the very files it makes of each alone, reading equal bands once', async () => {
    const days: string[] = []
    for (const day of [0, 1, 2, 3]) {
      const path = join(folder, `day${day}.tif`)
      // Clay stays; rain is that of the day; LST changes in its last rows only; day 2 has its bands in another order.
      const rain = bands[0].map((value, i) => (value + ((i * day) % 7) / 10) % 1)
      const lst = bands[1].map((value, i) => (i > rows * cols - 5000 ? (value + day / 10) % 1 : value))
      const named = [
        { name: 'rain', values: rain, nodata: NaN },
        { name: 'LST', values: lst, nodata: NaN },
        { name: 'clay', values: bands[2], nodata: NaN },
      ]
      await writeGeoTiff(path, { grid, bands: day === 2 ? named.reverse() : named, tiled: true, byBand: true })
      days.push(path)
    }
    const options = { modelPath: join(folder, 'm.loammodel'), threads: 2 }
    const stacks = days.map((rasterPath, day) => ({ rasterPath, out: join(folder, `together${day}.tif`) }))
    const together = await predictStacks({ ...options, stacks })
    for (const [day, rasterPath] of days.entries()) {
      const out = join(folder, `alone${day}.tif`)
      expect(together[day]).toEqual(await predictStack({ ...options, rasterPath, out }))
      expect((await readFile(stacks[day].out)).equals(await readFile(out))).toBe(true)
    }
  })

  it('maps quantiles of several days to the files of each alone, with the values of the model', async () => {
    const random = new Random(4)
    const columns = names.map(() => Float32Array.from({ length: 300 }, () => random.uniform()))
    const target = Float64Array.from({ length: 300 }, (_, i) => columns[0][i] * 0.3 + random.uniform() * 0.1)
    const settings = {
      type: 'forest',
      treeCount: 3,
      minLeafSize: 9,
      maxDepth: 9,
      sampleFraction: 1,
      intervals: true,
    } as const
    const about = { seed: 1, threads: 2 }
    const sure = await learners.forest.fit({ predictors: names, columns, target }, null, settings, about)
    const modelPath = join(folder, 'sure.loammodel')
    await writeModelFile(modelPath, sure)
    const [height, width] = [300, 400]
    const small = { ...grid, rows: height, cols: width }
    const part = (p: number, shift: number): Float32Array => bands[p].slice(shift, shift + height * width)
    const stacks: { rasterPath: string; out: string }[] = []
    for (const day of [0, 1, 2]) {
      const rasterPath = join(folder, `sure${day}.tif`)
      const values = [part(0, 100 * day), part(1, 7), part(2, 0)]
      const named = values.map((own, p) => ({ name: names[p], values: own, nodata: NaN }))
      await writeGeoTiff(rasterPath, { grid: small, bands: named, tiled: true, byBand: true })
      stacks.push({ rasterPath, out: join(folder, `sure-map${day}.tif`) })
    }
    const options = { modelPath, threads: 2, quantiles: [0.1, 0.95] }
    await predictStacks({ ...options, stacks })
    for (const [day, { rasterPath, out }] of stacks.entries()) {
      const alone = join(folder, `sure-alone${day}.tif`)
      await predictStack({ ...options, rasterPath, out: alone })
      for (const layer of ['', '_q10', '_q95', '_sd'])
        expect(
          (await readFile(out.replace('.tif', `${layer}.tif`))).equals(
            await readFile(alone.replace('.tif', `${layer}.tif`)),
          ),
          `day ${day}${layer}`,
        ).toBe(true)
    }
    const own = [part(0, 200), part(1, 7), part(2, 0)]
    const { quantiles } = await sure.predictIntervals!(own, height * width, 1, [0.1, 0.95])
    const path = join(folder, 'sure-map2_q95.tif')
    const reader = new RasterReader({ cacheBytes: 0 })
    const source = { path, subdataset: '', band: 1, grid: small, scale: 1, offset: 0, nodata: [], validRange: null }
    const { values } = await reader.read(source, { row: 0, col: 0, rows: height, cols: width })
    reader.close()
    expect(values).toEqual(quantiles[1])
  })

  it('leaves nothing behind when it is stopped', async () => {
    const controller = new AbortController()
    const options = {
      modelPath: join(folder, 'm.loammodel'),
      rasterPath: await stack([0, 1, 2]),
      out: join(folder, 'map.tif'),
      threads: 1,
    }
    const stopped = predictStack({ ...options, signal: controller.signal, onProgress: () => controller.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    expect(existsSync(options.out)).toBe(false)
    expect((await readdir(folder)).sort()).toEqual(['m.loammodel', 'stack.tif'])
  })
})
