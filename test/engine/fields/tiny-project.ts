import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Day, FieldExpression, Grid, GridWindow, Kind, RasterDataset } from '../../../main/contract/index.ts'
import type { FieldContext, StationSource } from '../../../main/engine/fields/index.ts'
import { hashFile } from '../../../main/engine/files/index.ts'
import { RasterReader, writeGeoTiff } from '../../../main/engine/raster/index.ts'
import type { DailyTable } from '../../../main/engine/stations/index.ts'

export const utmGrid = (cellSize: number, rows: number, cols: number, west = 600_000, north = 5_800_000): Grid => ({
  crs: 'EPSG:32631',
  transform: [west, cellSize, 0, north, 0, -cellSize],
  rows,
  cols,
})

export interface TinyVariable {
  readonly kind?: Kind
  readonly unit?: string
  readonly scale?: number
  readonly offset?: number
  /** Values row by row, one array a date; under `static` for a variable without dates. NaN is nodata. */
  readonly days: Record<string, number[]>
}

/** A temporary folder with rasters and what a recipe could say of them. `close` removes it. */
export class TinyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'loam-fields-'))
  readonly reader = new RasterReader({ cacheBytes: 8 * 1024 * 1024 })
  readonly datasets = new Map<string, RasterDataset>()
  readonly stations = new Map<string, StationSource>()
  private files = 0

  async addRaster(name: string, grid: Grid, variables: Record<string, TinyVariable>): Promise<void> {
    const dataset: RasterDataset = {
      name,
      grid,
      variables: [],
      files: [],
      scenes: [],
      dateRule: 'as the test says',
      notes: [],
    }
    for (const [variable, { kind = 'continuous', unit = '1', scale = 1, offset = 0, days }] of Object.entries(
      variables,
    )) {
      for (const [day, values] of Object.entries(days)) {
        const path = join(this.folder, `raster-${this.files++}.tif`)
        await writeGeoTiff(path, {
          grid,
          bands: [{ name: variable, values: Float32Array.from(values), nodata: -9999 }],
        })
        dataset.scenes.push({
          variable: dataset.variables.length,
          day: day === 'static' ? null : (day as Day),
          file: dataset.files.length,
          subdataset: '',
          band: 1,
        })
        dataset.files.push({ path, bytes: 0, modifiedMs: 0, sha256: await hashFile(path) })
      }
      dataset.variables.push({
        name: variable,
        unit,
        kind,
        scale,
        offset,
        nodata: [-9999],
        validRange: null,
        description: '',
      })
    }
    this.datasets.set(name, dataset)
  }

  addStations(table: DailyTable, hash = 'hash of the observations'): void {
    const { set: name, stations, crs, variable, unit, depth } = table
    const daily = { statistic: 'mean' as const, minCount: 1, flags: null, timeZone: 'UTC' }
    const set = { name, crs, stations, variables: [{ name: variable, unit, depth }], daily, sources: [], notes: [] }
    this.stations.set(name, { set, hash, daily: () => table })
  }

  context(named: Record<string, FieldExpression> = {}, more: Partial<FieldContext> = {}): FieldContext {
    const { datasets, stations, reader } = this
    return { named, datasets, stations, reader, minValidFraction: 0.5, ...more }
  }

  close(): void {
    this.reader.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Daily values [stations × days] of a set. */
export function dailyTable(
  set: string,
  crs: string,
  stations: [id: string, x: number | null, y: number | null][],
  values: Record<string, number[]>,
  unit = 'mm',
): DailyTable {
  const days = Object.keys(values) as Day[]
  return {
    set,
    variable: 'rain',
    unit,
    depth: null,
    crs,
    stations: stations.map(([id, x, y]) => ({ id, name: id, x, y, elevation: null })),
    days,
    values: Float64Array.from(stations.flatMap((_, s) => days.map((day) => values[day][s]))),
    notes: [],
  }
}

export function part(grid: Grid, row: number, col: number, rows: number, cols: number): GridWindow {
  return { grid, row, col, rows, cols }
}

export const day = (text: string): Day => text as Day
