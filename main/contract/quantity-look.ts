import type { Kind } from './block.ts'

interface QuantityRule {
  readonly matches: RegExp
  readonly unit?: RegExp
  readonly range: readonly [number, number]
}

/** Ranges that stay the same over datasets, dates and projects, so that a colour always means the same value. */
const quantityRules: readonly QuantityRule[] = [
  { matches: /difference|residual|bias|change/i, unit: /^m3 m-3$/, range: [-0.1, 0.1] },
  {
    matches: /uncertain|standard error|standard deviation|std|interval|width|error/i,
    unit: /^m3 m-3$/,
    range: [0, 0.1],
  },
  { matches: /./, unit: /^m3 m-3$/, range: [0, 0.5] },
  { matches: /ndvi|evi|savi/i, range: [-0.2, 1] },
  { matches: /ndwi|ndmi|index difference/i, range: [-1, 1] },
  { matches: /dissimilarity/i, range: [0, 2] },
  { matches: /temperature|lst/i, unit: /^(degC|°C)$/, range: [-10, 50] },
  { matches: /temperature|lst/i, unit: /^K$/, range: [263.15, 323.15] },
  { matches: /rain|precipitation/i, unit: /^mm$/, range: [0, 50] },
  { matches: /backscatter|sigma|σ/i, unit: /^dB$/, range: [-25, 0] },
]

/** Range fixed for a quantity; null where none is agreed. */
export function quantityRange(quantity: string, unit: string, kind: Kind): readonly [number, number] | null {
  if (kind === 'circular') return [0, 360]
  const rule = quantityRules.find((rule) => rule.matches.test(quantity) && (!rule.unit || rule.unit.test(unit)))
  return rule?.range ?? null
}

/** The ramp to begin with. */
export function suggestedRamp(quantity: string, unit: string, kind: Kind): string {
  if (kind === 'circular') return 'phase'
  if (/difference|residual|bias|change/i.test(quantity)) return 'difference'
  if (/uncertain|standard error|standard deviation|interval|width|dissimilarity/i.test(quantity)) return 'uncertainty'
  if (unit === 'm3 m-3') return 'moisture'
  if (/ndvi|evi|savi|lai|vegetation/i.test(quantity)) return 'vegetation'
  if (/rain|precipitation/i.test(quantity)) return 'rain'
  if (/temperature|lst/i.test(quantity)) return 'heat'
  if (/elevation|dem|height/i.test(quantity)) return 'elevation'
  return 'viridis'
}
