import { readFileSync } from 'node:fs'
import type { PointValues } from '../../../main/engine/geostatistics/index.ts'
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

/** Largest |a − b| / |b|. */
export function largestRelative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]) / Math.abs(b[i]))
  return largest
}
