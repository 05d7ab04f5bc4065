import { useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import './splitter.css'

interface SplitterProps {
  readonly label: string
  /** Size of the panel it belongs to, px. */
  readonly size: number
  readonly min: number
  readonly max: number
  /** Where the panel lies, seen from the splitter. */
  readonly panel: 'left' | 'right' | 'top' | 'bottom'
  readonly onResize: (size: number) => void
  readonly onReset: () => void
}

/** The border of a panel: drag it, or use the arrow keys; double click brings the usual size back. */
export function Splitter({ label, size, min, max, panel, onResize, onReset }: SplitterProps) {
  const start = useRef<{ at: number; size: number } | null>(null)
  const isVertical = panel === 'left' || panel === 'right'
  const isFirst = panel === 'left' || panel === 'top'
  /** `left` is where a line of text begins: on the right where it runs from right to left. */
  const signOf = (element: Element) => (isFirst === (isVertical && element.matches(':dir(rtl)')) ? -1 : 1)
  const clamp = (value: number) => Math.round(Math.min(max, Math.max(min, value)))

  const onKeyDown = (event: KeyboardEvent) => {
    const sign = signOf(event.currentTarget)
    const forward = isVertical ? 'ArrowRight' : 'ArrowDown'
    const back = isVertical ? 'ArrowLeft' : 'ArrowUp'
    const step = event.shiftKey ? 50 : 10
    if (event.key === forward) onResize(clamp(size + sign * step))
    else if (event.key === back) onResize(clamp(size - sign * step))
    else if (event.key === 'Enter') onReset()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const position = (event: PointerEvent) => (isVertical ? event.clientX : event.clientY)
  return (
    <div
      className={`splitter splitter-${isVertical ? 'vertical' : 'horizontal'}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isVertical ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={onKeyDown}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { at: position(event), size }
      }}
      onPointerMove={(event) => {
        if (start.current)
          onResize(clamp(start.current.size + signOf(event.currentTarget) * (position(event) - start.current.at)))
      }}
      onPointerUp={() => {
        start.current = null
      }}
    />
  )
}
