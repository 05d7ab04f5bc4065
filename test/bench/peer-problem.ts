import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gridOfFile, RasterReader } from '../../main/engine/raster/index.ts'

/** Predictors of the problem the peers are measured on, in the order of its table and bands. */
export const names = ['GRD', 'GW', 'preci', 'bulk', 'clay', 'sand', 'LST_day', 'LST_night', 'EVI', 'LAI']

/** Whether Debian's Python has a module. */
export function canImport(name: string): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', `import ${name}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The problem's table: predictors by column, then the target. */
export function readTable(path: string): { columns: Float32Array[]; target: Float64Array } {
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  return {
    columns: names.map((_, p) => Float32Array.from(rows, (row) => row[p])),
    // As float32, which is what the peer trains on.
    target: Float64Array.from(rows, (row) => Math.fround(row[names.length])),
  }
}

/** All bands of the problem's stack whole, missing cells as 0, as the peers take them. */
export async function readStack(path: string): Promise<Float32Array[]> {
  const grid = await gridOfFile(path)
  const reader = new RasterReader({ cacheBytes: 0 })
  const columns: Float32Array[] = []
  for (let band = 1; band <= names.length; band++) {
    const source = { path, subdataset: '', band, grid, scale: 1, offset: 0, nodata: [], validRange: null }
    const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
    columns.push(values.map((value) => (Number.isNaN(value) ? 0 : value)))
  }
  reader.close()
  return columns
}
