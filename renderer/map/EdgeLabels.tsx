import { edgeLabels } from './base/edge-labels.ts'
import type { GraticuleLine } from './base/graticule.ts'
import type { Bounds } from './view/camera.ts'
import type { PaneBox } from './view/map-canvas.ts'

interface EdgeLabelsProps {
  readonly lines: readonly GraticuleLine[]
  readonly box: PaneBox
  readonly view: Bounds
}

/** Pixels at both ends of an edge where a name would be cut off, or lie under the map's controls or the other edge's names. */
const margins = { bottom: [44, 90], right: [56, 24] } as const

/** Names of the graticule's lines at the edges of a picture. */
export function EdgeLabels({ lines, box, view }: EdgeLabelsProps) {
  return (
    <div
      className="map-edge-labels"
      aria-hidden="true"
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      {edgeLabels(lines, view).map(({ words, at, edge }) => {
        const length = edge === 'bottom' ? box.width : box.height
        const pixel = at * length
        const [before, after] = margins[edge]
        if (pixel < before || pixel > length - after) return null
        return (
          <span
            key={`${edge} ${words}`}
            className={`is-${edge}`}
            style={edge === 'bottom' ? { left: pixel } : { top: pixel }}
          >
            {words}
          </span>
        )
      })}
    </div>
  )
}
