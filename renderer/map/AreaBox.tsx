import { pixelOf } from './view/camera.ts'
import type { Bounds, Camera } from './view/camera.ts'
import type { PaneBox } from './view/map-canvas.ts'
import { formatSignificant } from '../widgets/format.ts'

interface AreaBoxProps {
  readonly area: { readonly pane: string; readonly bounds: Bounds }
  readonly camera: Camera
  readonly boxes: readonly PaneBox[]
}

/** The rectangle that is being drawn, with its size. */
export function AreaBox({ area: { pane, bounds }, camera, boxes }: AreaBoxProps) {
  const box = boxes.find(({ id }) => id === pane)
  if (!box) return null
  const [left, top] = pixelOf(camera, box, { x: bounds.west, y: bounds.north })
  const [right, bottom] = pixelOf(camera, box, { x: bounds.east, y: bounds.south })
  return (
    <div
      className="map-area-box"
      style={{ left: box.x + left, top: box.y + top, width: right - left, height: bottom - top }}
    >
      <span>
        {formatSignificant(bounds.east - bounds.west, 3)} × {formatSignificant(bounds.north - bounds.south, 3)}
      </span>
    </div>
  )
}
