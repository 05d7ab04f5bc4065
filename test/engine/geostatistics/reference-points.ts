import { readFileSync } from 'node:fs'
import { wholeGrid } from '../../../main/contract/index.ts'
import type { PointValues } from '../../../main/engine/geostatistics/index.ts'
import { cellCentres, gridOfFile, RasterReader } from '../../../main/engine/raster/index.ts'
import { sharedData } from '../../shared-data.ts'

/** Columns of a plain CSV of the kriging reference set, by name; NaN for texts. */
export function referenceTable(file: string): Record<string, Float64Array> {
  const [head, ...lines] = readFileSync(sharedData(`kriging_reference/${file}`), 'utf8')
    .trim()
    .split(/\r?\n/)
  const names = head.split(',').map((name) => name.replaceAll('"', ''))
  const rows = lines.map((line) => line.split(','))
  return Object.fromEntries(names.map((name, c) => [name, Float64Array.from(rows, (row) => Number(row[c]))]))
}

export function meuseLogZinc(): PointValues {
  const { x, y, zinc } = referenceTable('meuse/meuse_points.csv')
  return { x, y, values: zinc.map(Math.log) }
}

export function juraCadmium(): PointValues {
  const { Xloc, Yloc, Cd } = referenceTable('jura/jura_prediction_points.csv')
  return { x: Xloc, y: Yloc, values: Cd }
}

export function sicDay(): PointValues {
  const { x, y, dayx } = referenceTable('sic2004/sic2004_training_200.csv')
  return { x, y, values: dayx }
}

/** Cells of a reference map of meuse that have a value: their centres and values. */
export async function referenceMap(name: string): Promise<PointValues> {
  const path = sharedData(`kriging_reference/meuse/${name}.tif`)
  const grid = await gridOfFile(path)
  const reader = new RasterReader({ cacheBytes: 1 << 24 })
  const source = { path, subdataset: '', band: 1, grid, scale: 1, offset: 0, nodata: [-9999], validRange: null }
  const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  reader.close()
  const centres = cellCentres(wholeGrid(grid))
  const known = [...values.keys()].filter((i) => !Number.isNaN(values[i]))
  const take = (column: ArrayLike<number>): Float64Array => Float64Array.from(known, (i) => column[i])
  return { x: take(centres.x), y: take(centres.y), values: take(values) }
}

/** Largest |a − b| / |b|. */
export function largestRelative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]) / Math.abs(b[i]))
  return largest
}
