import { formatNumber, formatSignificant } from '../../widgets/format.ts'

/** The largest of 1, 2, 5 × 10ⁿ that is at most `most`. */
export function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const lead = most / power
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1)
}

/** Round values within a range, about `count` of them. */
export function roundTicks([min, max]: readonly [number, number], count: number): number[] {
  if (!(max > min)) return []
  const step = roundStep(((max - min) / count) * 1.6)
  const first = Math.ceil(min / step - 1e-9)
  const ticks: number[] = []
  for (let i = first; i * step <= max + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)))
  return ticks
}

/** Decimals that tell ticks apart. */
export function decimalsFor(ticks: readonly number[]): number {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : Math.abs(ticks[0] ?? 1)
  return step === 0 ? 0 : Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
}

/** Below this step ticks are told with a power of ten: their zeros would run into each other. */
const leastStep = 1e-5

/** A tick with the digits that tell it from the others. */
export function tickText(value: number, ticks: readonly number[]): string {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : Math.abs(value)
  if (!(step > 0 && step < leastStep)) return formatNumber(value, decimalsFor(ticks))
  return formatSignificant(value, Math.max(1, Math.floor(Math.log10(Math.abs(value) / step) + 1e-9) + 1))
}
