import { useCallback, useEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { dayNumber } from '../../../main/contract/index.ts'
import type { Day, Period } from '../../../main/contract/index.ts'
import { drawLanes } from './draw-lanes.ts'
import { dayAt, hasData, wholeWindow, zoomWindow } from './lanes.ts'
import type { Lane, TimeWindow } from './lanes.ts'
import { addMonths, extendPeriod, stepDay } from './time-steps.ts'

interface LaneStripProps {
  readonly lanes: readonly Lane[]
  readonly allDays: readonly Day[]
  readonly day: Day | null
  readonly onDay: (day: Day) => void
  readonly period: Period | null
  readonly onPeriod: (period: Period | null) => void
}

/** Pixels a pointer may move and still click. */
const clickReach = 4

/** Coverage of all datasets over time: a slider for the day. The wheel and + − zoom; a drag, or a key that moves the day with
 *  Shift, brushes a period, which Escape clears. */
export function LaneStrip({ lanes, allDays, day, onDay, period, onPeriod }: LaneStripProps) {
  const host = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [chosen, setChosen] = useState<TimeWindow | null>(null)
  const [brush, setBrush] = useState<Period | null>(null)
  const [theme, setTheme] = useState(() => document.documentElement.dataset.theme)
  const start = useRef<{ x: number; day: Day } | null>(null)
  const window = chosen ?? wholeWindow(lanes)

  useEffect(() => {
    const element = host.current
    if (!element) return
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    const themes = new MutationObserver(() => setTheme(document.documentElement.dataset.theme))
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      observer.disconnect()
      themes.disconnect()
    }
  }, [])

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || !window || size.width === 0) return
    const ratio = devicePixelRatio
    element.width = size.width * ratio
    element.height = size.height * ratio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    // Colours are read anew with each theme.
    const style = getComputedStyle(theme ? document.documentElement : element)
    drawLanes(context, { lanes, window, day, period: brush ?? period, ...size, style })
  }, [lanes, window, day, period, brush, size, theme])

  const zoom = useCallback(
    (factor: number, x: number) => {
      setChosen((before) => {
        const now = before ?? wholeWindow(lanes)
        return now && zoomWindow(now, factor, now.from + ((now.to - now.from) * x) / size.width)
      })
    },
    [lanes, size.width],
  )
  useEffect(() => {
    const element = host.current
    if (!element) return
    // React listens to wheels passively, and then the page would scroll too.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
        setChosen((before) => {
          const now = before ?? wholeWindow(lanes)
          const shift = now && ((now.to - now.from) * event.deltaX) / element.clientWidth
          return now && { from: now.from + shift!, to: now.to + shift! }
        })
      else zoom(2 ** (event.deltaY / 240), event.offsetX)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [lanes, zoom])

  const periodTo = (x: number): Period | null => {
    if (!start.current || !window || Math.abs(x - start.current.x) <= clickReach) return null
    const other = dayAt(window, x, size.width)
    const from = start.current.day
    return from <= other ? { from, to: other } : { from: other, to: from }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const now = day ?? allDays[0]
    if (!now) return
    const moves: Record<string, () => Day | null | undefined> = {
      ArrowLeft: () => stepDay(now, 'day', -1, allDays),
      ArrowRight: () => stepDay(now, 'day', 1, allDays),
      PageUp: () => addMonths(now, -1),
      PageDown: () => addMonths(now, 1),
      Home: () => allDays[0],
      End: () => allDays.at(-1),
    }
    const zooms: Record<string, number> = { '+': 0.5, '=': 0.5, '-': 2 }
    if (event.key in zooms && window)
      zoom(zooms[event.key], (size.width * (dayNumber(now) - window.from)) / (window.to - window.from))
    else if (event.key === '0') setChosen(null)
    else if (event.key === 'Escape' && period) onPeriod(null)
    else if (event.key in moves) {
      const to = moves[event.key]()
      if (to && event.shiftKey) onPeriod(extendPeriod(period, now, to))
      if (to) onDay(to)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  const first = allDays[0]
  const last = allDays.at(-1)
  return (
    <div
      ref={host}
      className="lane-strip"
      role="slider"
      tabIndex={0}
      aria-label="Day"
      aria-valuemin={first ? dayNumber(first) : 0}
      aria-valuemax={last ? dayNumber(last) : 0}
      aria-valuenow={day ? dayNumber(day) : 0}
      aria-describedby="lane-strip-keys"
      aria-valuetext={day ? `${day}, ${lanesOn(lanes, day)}` : 'no date'}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0 || !window) return
        const { offsetX } = event.nativeEvent
        start.current = { x: offsetX, day: dayAt(window, offsetX, size.width) }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => setBrush(periodTo(event.nativeEvent.offsetX))}
      onPointerUp={(event) => {
        const brushed = periodTo(event.nativeEvent.offsetX)
        if (brushed) onPeriod(brushed)
        else if (start.current) onDay(start.current.day)
        start.current = null
        setBrush(null)
      }}
      onPointerCancel={() => {
        start.current = null
        setBrush(null)
      }}
      onDoubleClick={() => period && onPeriod(null)}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <span id="lane-strip-keys" className="visually-hidden">
        Shift with an arrow brushes a period, Escape clears it
      </span>
    </div>
  )
}

/** `SMAP, NDVI` of the lanes that have data on a day. */
function lanesOn(lanes: readonly Lane[], day: Day): string {
  const names = lanes
    .filter(({ days }) => days.some((each) => each.day === day && hasData(each)))
    .map(({ name }) => name)
  return names.length > 0 ? `data of ${names.join(', ')}` : 'no data'
}
