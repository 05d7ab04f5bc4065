import { useRef } from 'react'
import type { KeyboardEvent } from 'react'
import type { PaneBox } from './view/map-canvas.ts'

interface SwipeHandleProps {
  /** Share of the width at which the handle stands, 0–1. */
  readonly at: number
  /** Names of the layers left and right of it. */
  readonly a: string
  readonly b: string
  readonly box: PaneBox
  readonly onChange: (at: number) => void
}

/** The line between two layers: a slider; arrows move it by 1 %, with Shift by 10 %. */
export function SwipeHandle({ at, a, b, box, onChange }: SwipeHandleProps) {
  const isDragging = useRef(false)
  const set = (share: number) => onChange(Math.min(1, Math.max(0, Math.round(share * 1000) / 1000)))
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 0.1 : 0.01
    const to: Record<string, number> = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: 1 }
    if (!(event.key in to)) return
    event.preventDefault()
    event.stopPropagation()
    set(to[event.key])
  }
  const x = box.x + at * box.width
  return (
    <>
      <div
        className="swipe-line"
        style={{ left: x, top: box.y, height: box.height }}
        role="slider"
        tabIndex={0}
        aria-label={`Swipe between ${a} and ${b}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at * 100)}
        aria-valuetext={`${Math.round(at * 100)} % ${a}, the rest ${b}`}
        aria-orientation="horizontal"
        data-map-control=""
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          isDragging.current = true
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => {
          if (!isDragging.current) return
          const stage = event.currentTarget.parentElement!.getBoundingClientRect()
          set((event.clientX - stage.left - box.x) / box.width)
        }}
        onPointerUp={() => (isDragging.current = false)}
        onPointerCancel={() => (isDragging.current = false)}
      >
        <span className="swipe-grip" aria-hidden="true" />
      </div>
      <span className="swipe-name" style={{ right: `calc(100% - ${x - 10}px)`, top: box.y + 48 }} aria-hidden="true">
        A · {a}
      </span>
      <span className="swipe-name" style={{ left: x + 10, top: box.y + 48 }} aria-hidden="true">
        B · {b}
      </span>
    </>
  )
}
