import { rampColours } from '../../../main/contract/index.ts'

/** Colour of a value by the ramp's table, computed apart from the shader: soil moisture runs from 0 to 0.5. */
export function quantityColour(
  value: number,
  [min, max]: readonly [number, number] = [0, 0.5],
  ramp = 'moisture',
): readonly [number, number, number] {
  const t = Math.min(1, Math.max(0, (value - min) / (max - min)))
  return rampColours(ramp)[Math.round(255 * t)]
}
