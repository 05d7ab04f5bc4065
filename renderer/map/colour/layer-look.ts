import type { Kind, LayerStyle, TiledLayer } from '../../../main/contract/index.ts'
import { categoryBytes, quantityRange, rampBytes, rampSteps, suggestedRamp } from '../../../main/contract/index.ts'
import { formatNumber, formatSignificant } from '../../widgets/format.ts'

/** A layer's style with its range settled: everything the colour of a value depends on. */
export interface LayerLook {
  readonly ramp: string
  readonly reversed: boolean
  /** Values at the ends of the ramp, min < max. */
  readonly range: readonly [number, number]
  /** 0: continuous. */
  readonly classes: number
  readonly opacity: number
  readonly isSmooth: boolean
  /** Shares its range with the other layers of its quantity and unit. */
  readonly isLinked: boolean
  readonly showReasons: boolean
  readonly kind: Kind
}

export { quantityRange, suggestedRamp }

type Range = readonly [number, number]

/** Settles a layer's range. Layers of one quantity and unit share `shared` where their mode is the same.
 *  @param view 2nd and 98th percentile of what the view showed when "this view once" was pressed; null before */
export function settledRange(
  style: LayerStyle,
  tiled: Pick<TiledLayer, 'quantity' | 'unit' | 'kind' | 'sampled'>,
  { shared = null, view = null }: { shared?: Range | null; view?: Range | null } = {},
): Range {
  const dataset: Range | null = tiled.sampled ? [tiled.sampled.low, tiled.sampled.high] : null
  const chosen = {
    quantity: () => quantityRange(tiled.quantity, tiled.unit, tiled.kind) ?? shared ?? dataset,
    dataset: () => shared ?? dataset,
    view: () => view ?? shared ?? dataset,
    typed: () => (style.range.mode === 'typed' ? ([style.range.min, style.range.max] as const) : null),
  }[style.range.mode]()
  return widened(style.ramp === 'difference' && chosen ? symmetric(chosen) : (chosen ?? [0, 1]))
}

/** Symmetric about 0, as a signed difference must be. */
const symmetric = ([min, max]: Range): Range => {
  const reach = Math.max(Math.abs(min), Math.abs(max))
  return [-reach, reach]
}

function widened([min, max]: Range): Range {
  if (min < max) return [min, max]
  const half = Math.abs(min) * 0.01 || 0.5
  return [min - half, min + half]
}

/** One range for layers of the same quantity and unit: the union of what their samples hold, by `quantity|unit`. */
export function sharedRanges(layers: readonly Pick<TiledLayer, 'quantity' | 'unit' | 'sampled'>[]): Map<string, Range> {
  const ranges = new Map<string, Range>()
  for (const { quantity, unit, sampled } of layers) {
    if (!sampled) continue
    const key = shareKey({ quantity, unit })
    const [low, high] = ranges.get(key) ?? [Infinity, -Infinity]
    ranges.set(key, [Math.min(low, sampled.low), Math.max(high, sampled.high)])
  }
  return ranges
}

export const shareKey = ({ quantity, unit }: { quantity: string; unit: string }) => `${quantity}|${unit}`

const textures = new Map<string, Uint8Array<ArrayBuffer>>()

/** Bytes of the texture a look draws with: the same array for the same look. Not to be changed. */
export function lookBytes({ kind, ramp, reversed }: Pick<LayerLook, 'kind' | 'ramp' | 'reversed'>) {
  const key = kind === 'categorical' ? kind : `${ramp} ${reversed}`
  const bytes = textures.get(key) ?? (kind === 'categorical' ? categoryBytes() : rampBytes(ramp, reversed))
  textures.set(key, bytes)
  return bytes
}

/** Where a value lies on the ramp, 0–1: the shader's arithmetic, for the legend, stations and tests. */
export function rampPlace(look: Pick<LayerLook, 'range' | 'classes'>, value: number): number {
  const t = Math.min(1, Math.max(0, (value - look.range[0]) / (look.range[1] - look.range[0])))
  if (look.classes === 0) return t
  if (look.classes === 1) return 0.5
  return Math.min(look.classes - 1, Math.floor(t * look.classes)) / (look.classes - 1)
}

/** Colour of a value, sRGB bytes. */
export function colourOf(look: LayerLook, value: number): [number, number, number] {
  const bytes = lookBytes(look)
  const step =
    look.kind === 'categorical'
      ? ((Math.round(value) % rampSteps) + rampSteps) % rampSteps
      : Math.round(rampPlace(look, value) * (rampSteps - 1))
  return [bytes[4 * step], bytes[4 * step + 1], bytes[4 * step + 2]]
}

/** A value with the digits it deserves beside the others of its layer; with a power of ten where decimals would be zeros. */
export function valueText({ kind, range }: Pick<LayerLook, 'kind' | 'range'>, value: number): string {
  if (kind === 'categorical') return formatNumber(value, 0)
  return range[1] - range[0] < 1e-4 ? formatSignificant(value, 3) : formatNumber(value, decimalsOf(range))
}

/** Decimals a value deserves beside a range: three significant ones of the range (soil moisture 3, degrees 1). */
export function decimalsOf([min, max]: readonly [number, number]): number {
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(max - min) + 1e-9)))
}
