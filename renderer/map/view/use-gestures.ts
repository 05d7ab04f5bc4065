import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { listenTo } from '../../widgets/listen.ts'
import { panBy, zoomAround } from './camera.ts'
import type { Camera } from './camera.ts'
import type { PaneBox } from './map-canvas.ts'

interface GestureOptions {
  readonly camera: Camera | null
  readonly panes: readonly PaneBox[]
  readonly onCamera: (camera: Camera) => void
  /** Pointer over a pane, in pixels of the pane; null when it left. */
  readonly onHover: (at: { readonly pane: PaneBox; readonly pixel: readonly [number, number] } | null) => void
  readonly onClick: (at: { readonly pane: PaneBox; readonly pixel: readonly [number, number] }) => void
  /** While a rectangle is drawn, dragging does not move the map; both corners in pixels of the pane. */
  readonly onDraw:
    | ((pane: PaneBox, from: readonly [number, number], to: readonly [number, number], isDone: boolean) => void)
    | null
}

/** Pixels a pointer may move and still click. */
const clickReach = 4
/** Powers of two a notch of the wheel zooms by. */
const wheelStep = 1 / 480

/** Drag to pan, wheel and two fingers to zoom about the pointer, double click to zoom in. Panes move together. */
export function useGestures(ref: RefObject<HTMLElement | null>, options: GestureOptions): void {
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const pointers = new Map<number, readonly [number, number]>()
    let start: { pane: PaneBox; at: readonly [number, number]; hasMoved: boolean } | null = null
    let camera: Camera | null = null
    const local = (event: MouseEvent): readonly [number, number] => {
      const { left, top } = element.getBoundingClientRect()
      return [event.clientX - left, event.clientY - top]
    }
    const paneAt = ([x, y]: readonly [number, number]) =>
      latest.current.panes.find(
        (pane) => x >= pane.x && x < pane.x + pane.width && y >= pane.y && y < pane.y + pane.height,
      )
    const inPane = (pane: PaneBox, [x, y]: readonly [number, number]) => [x - pane.x, y - pane.y] as const
    const isOwn = (event: Event) =>
      event.target instanceof Element && event.target.closest('[data-map-control]') === null
    const move = (next: Camera) => {
      camera = next
      latest.current.onCamera(next)
    }

    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || !isOwn(event)) return
      const at = local(event)
      const pane = paneAt(at)
      if (!pane) return
      camera = latest.current.camera
      pointers.set(event.pointerId, at)
      start = { pane, at, hasMoved: pointers.size > 1 }
      element.setPointerCapture(event.pointerId)
    }
    const onMove = (event: PointerEvent) => {
      const at = local(event)
      const before = pointers.get(event.pointerId)
      if (!before || !start || !camera) {
        const pane = isOwn(event) ? paneAt(at) : undefined
        latest.current.onHover(pane ? { pane, pixel: inPane(pane, at) } : null)
        return
      }
      if (Math.hypot(at[0] - start.at[0], at[1] - start.at[1]) > clickReach) start.hasMoved = true
      if (!start.hasMoved) return
      if (latest.current.onDraw) {
        latest.current.onDraw(start.pane, inPane(start.pane, start.at), inPane(start.pane, at), false)
        return
      }
      if (pointers.size === 2) pinch(event.pointerId, before, at)
      else move(panBy(camera, before[0] - at[0], before[1] - at[1]))
      pointers.set(event.pointerId, at)
    }
    const pinch = (id: number, before: readonly [number, number], at: readonly [number, number]) => {
      const other = [...pointers].find(([each]) => each !== id)?.[1]
      if (!other || !camera || !start) return
      const apart = (p: readonly [number, number]) => Math.max(8, Math.hypot(p[0] - other[0], p[1] - other[1]))
      const middle = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2] as const
      const panned = panBy(camera, (before[0] - at[0]) / 2, (before[1] - at[1]) / 2)
      move(zoomAround(panned, start.pane, inPane(start.pane, middle), Math.log2(apart(at) / apart(before))))
    }
    const onUp = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId) || !start) return
      const at = local(event)
      const { pane, hasMoved, at: from } = start
      if (pointers.size > 0) return
      start = null
      if (event.type === 'pointercancel') return
      if (latest.current.onDraw && hasMoved) latest.current.onDraw(pane, inPane(pane, from), inPane(pane, at), true)
      else if (!hasMoved) latest.current.onClick({ pane, pixel: inPane(pane, at) })
    }
    const onWheel = (event: WheelEvent) => {
      const at = local(event)
      const pane = paneAt(at)
      const { camera: now } = latest.current
      if (!pane || !now || !isOwn(event)) return
      event.preventDefault()
      // Lines and pages of old wheels as pixels; a pinch on a touch pad comes as a wheel with Ctrl and smaller numbers.
      const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : 40) * (event.ctrlKey ? 5 : 1)
      latest.current.onCamera(zoomAround(now, pane, inPane(pane, at), -pixels * wheelStep))
    }
    const onDouble = (event: MouseEvent) => {
      const at = local(event)
      const pane = paneAt(at)
      const { camera: now } = latest.current
      if (pane && now && isOwn(event) && !latest.current.onDraw)
        latest.current.onCamera(zoomAround(now, pane, inPane(pane, at), event.shiftKey ? -1 : 1))
    }
    const onLeave = () => latest.current.onHover(null)
    return listenTo(element, {
      pointerdown: onDown,
      pointermove: onMove,
      pointerup: onUp,
      pointercancel: onUp,
      pointerleave: onLeave,
      wheel: onWheel,
      dblclick: onDouble,
    })
  }, [ref])
}
