import type { Bounds } from '../view/camera.ts'
import type { GraticuleLine } from './graticule.ts'

/** Where a line leaves the view, and what it is called there. */
export interface EdgeLabel {
  readonly words: string
  /** Of the view's width from the left (meridians, at the lower edge), or of its height from the top (parallels, at the right). */
  readonly at: number
  readonly edge: 'bottom' | 'right'
}

/** Names of meridians along the lower edge of a view and of parallels along its right edge, where the lines cross them. */
export function edgeLabels(lines: readonly GraticuleLine[], { west, south, east, north }: Bounds): EdgeLabel[] {
  return lines.flatMap(({ points, words, isMeridian }): EdgeLabel[] => {
    for (let i = 1; i < points.length; i++) {
      const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]]
      const t = isMeridian ? share(y0, y1, south) : share(x0, x1, east)
      if (t === null) continue
      const at = isMeridian
        ? (x0 + t * (x1 - x0) - west) / (east - west)
        : (north - (y0 + t * (y1 - y0))) / (north - south)
      if (at >= 0 && at <= 1) return [{ words, at, edge: isMeridian ? 'bottom' : 'right' }]
    }
    return []
  })
}

/** Share of the way from a to b at which a place lies between them; null where it does not. */
function share(a: number, b: number, place: number): number | null {
  if (a === b || place < Math.min(a, b) || place > Math.max(a, b)) return null
  return (place - a) / (b - a)
}
