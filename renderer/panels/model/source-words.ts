import type { RecipeSources } from '../../../main/contract/index.ts'
import { formatUnit } from '../../widgets/format.ts'

/** `m³ m⁻³ · 1 km · 30 dates, 2018-06-01 to 2018-06-30` */
export function rasterHint({ unit, cellSize, crs, days, firstDay, lastDay }: RecipeSources['rasters'][number]): string {
  const dates = days === 0 ? 'without dates' : `${days} dates, ${firstDay} to ${lastDay}`
  return [formatUnit(unit), sizeWords(cellSize, crs), dates].filter(Boolean).join(' · ')
}

/** Degrees are told by how small they are: no projected grid of soil moisture has cells under a metre. */
export function sizeWords(size: number, crs: string): string {
  const isDegrees = crs === 'EPSG:4326' || (size < 1 && !crs.startsWith('EPSG:3'))
  if (isDegrees) return `${Number(size.toPrecision(3))}°`
  return size >= 1000 ? `${Number((size / 1000).toPrecision(3))} km` : `${Number(size.toPrecision(3))} m`
}
