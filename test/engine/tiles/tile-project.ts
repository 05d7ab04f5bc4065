import { mkdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Day, Grid, Kind, RasterDataset } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { hashFile } from '../../../main/engine/files/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { writeGeoTiff } from '../../../main/engine/raster/index.ts'

export const day = (text: string): Day => text as Day
export const [first, second] = [day('2019-06-01'), day('2019-06-02')]

export const utm = (cell: number, rows: number, cols: number, west = 600_000, north = 5_800_000): Grid => ({
  crs: 'EPSG:32631',
  transform: [west, cell, 0, north, 0, -cell],
  rows,
  cols,
})

/** A smooth hill with noise, NaN in patches. */
export function hill(grid: Grid, seed: number, scale = 1, offset = 0): Float32Array {
  const random = new Random(seed)
  const values = new Float32Array(grid.rows * grid.cols)
  for (let i = 0; i < values.length; i++) {
    const [row, col] = [Math.floor(i / grid.cols), i % grid.cols]
    const wave = Math.sin((row / grid.rows) * 5 + seed) + Math.cos((col / grid.cols) * 4)
    const isGap = (row % 97 < 20 && col % 89 < 30) || random.uniform() < 0.01
    values[i] = isGap ? Number.NaN : offset + scale * (wave + 0.2 * random.uniform())
  }
  return values
}

/** A project in a folder, its rasters written by the test. */
export class TileProject {
  readonly engine: Engine
  readonly folder: string

  static async create(folder: string): Promise<TileProject> {
    mkdirSync(folder, { recursive: true })
    return new TileProject(folder, await Engine.create(join(folder, 'tiles.loam')))
  }

  private constructor(folder: string, engine: Engine) {
    this.folder = folder
    this.engine = engine
  }

  async add(
    name: string,
    grid: Grid,
    days: Record<string, Float32Array>,
    about: { kind?: Kind; unit?: string } = {},
  ): Promise<RasterDataset> {
    const { kind = 'continuous', unit = '1' } = about
    const files: RasterDataset['files'] = []
    const scenes: RasterDataset['scenes'] = []
    for (const [date, values] of Object.entries(days)) {
      const path = join(this.folder, `${name}-${date}.tif`)
      await writeGeoTiff(path, { grid, bands: [{ name, values, nodata: -9999 }] })
      scenes.push({
        variable: 0,
        day: date === 'static' ? null : day(date),
        file: files.length,
        subdataset: '',
        band: 1,
      })
      const { size, mtimeMs } = await stat(path)
      files.push({ path, bytes: size, modifiedMs: mtimeMs, sha256: await hashFile(path) })
    }
    const dataset: RasterDataset = {
      name,
      grid,
      variables: [{ name, unit, kind, scale: 1, offset: 0, nodata: [-9999], validRange: null, description: '' }],
      files,
      scenes,
      dateRule: 'as the test says',
      notes: [],
    }
    this.engine.project.putDataset(dataset)
    return dataset
  }

  close(): Promise<void> {
    return this.engine.close()
  }
}
