import type { Grid } from '../../contract/index.ts'
import { isGeographic, metresPerUnit } from '../raster/index.ts'

/** Size of a grid's cells as people write it: `10 m`, `9 km`, `0.25°`, `500 m × 463 m`. */
export function cellText({ crs, transform }: Grid): string {
  const [width, height] = [transform[1], -transform[5]]
  const unit = isGeographic(crs) ? null : metresPerUnit(crs)
  const text = (length: number): string => {
    if (unit === null) return `${short(length)}°`
    const metres = length * unit
    return metres >= 1000 ? `${short(metres / 1000)} km` : `${short(metres)} m`
  }
  return Math.abs(width / height - 1) < 1e-3 ? text(width) : `${text(width)} × ${text(height)}`
}

const short = (value: number): string => String(Number(value.toPrecision(4)))
