/** From where to where on an axis: values, or the first and last name by number. */
export type AxisSpan = readonly [number, number]
export type Point = readonly [number, number]

/** What a drag along an axis selects. */
export type BrushAxis =
  | { readonly kind: 'value'; readonly name: string; readonly unit: string; readonly selected: AxisSpan | null }
  /** A histogram: names on the axis, values in the filter. */
  | {
      readonly kind: 'bins'
      readonly name: string
      readonly unit: string
      readonly low: number
      readonly width: number
      readonly count: number
      readonly selected: AxisSpan | null
    }
  /** The span counts names from 0. */
  | {
      readonly kind: 'names'
      readonly name: string
      readonly names: readonly string[]
      readonly selected: AxisSpan | null
    }

export interface ChartBrush {
  readonly x: BrushAxis | null
  readonly y: BrushAxis | null
  /** Both null: the brush is taken off. */
  readonly onBrush: (x: AxisSpan | null, y: AxisSpan | null) => void
  /** A closed line in values of both axes. */
  readonly lasso?: { readonly ring: readonly Point[] | null; readonly onLasso: (ring: readonly Point[] | null) => void }
}

/** As many digits as a pixel can tell. */
const rounded = (value: number): number => Number(value.toPrecision(4))

/** Span on the filter's side of what lies between two coordinates of the axis, in any order: whole bins and names. */
export function spanOf(axis: BrushAxis, a: number, b: number): AxisSpan {
  const [first, last] = a < b ? [a, b] : [b, a]
  if (axis.kind === 'value') return [rounded(first), rounded(last)]
  const most = (axis.kind === 'bins' ? axis.count : axis.names.length) - 1
  const [from, to] = [Math.max(0, Math.round(first)), Math.min(most, Math.round(last))]
  return axis.kind === 'names' ? [from, to] : [axis.low + from * axis.width, axis.low + (to + 1) * axis.width]
}

/** Coordinates of the axis where a span begins and ends; names and bins reach half a step beyond their middles. */
export function edgesOf(axis: BrushAxis, [from, to]: AxisSpan): AxisSpan {
  if (axis.kind === 'value') return [from, to]
  if (axis.kind === 'names') return [from - 0.5, to + 0.5]
  return [(from - axis.low) / axis.width - 0.5, (to - axis.low) / axis.width - 0.5]
}

/** Fewer corners: those a pixel away from the last are left out, and at most `most` stay. */
export function thinRing(ring: readonly Point[], most = 200): readonly Point[] {
  const apart = ring.filter((point, i) => {
    const before = ring[i - 1]
    return !before || Math.hypot(point[0] - before[0], point[1] - before[1]) >= 2
  })
  const step = Math.max(1, Math.ceil(apart.length / most))
  return apart.filter((_, i) => i % step === 0)
}
