import type { EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { listenTo } from '../listen.ts'
import { edgesOf, spanOf, thinRing } from './brush.ts'
import type { AxisSpan, BrushAxis, ChartBrush, Point } from './brush.ts'

/** What is selected or being selected, in pixels of the drawing. */
export interface BrushShape {
  readonly ring: readonly Point[]
  readonly isDraft: boolean
}

interface Plot {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Pixels a pointer may move and still click. */
const clickReach = 4

interface BrushOptions {
  readonly host: RefObject<HTMLDivElement | null>
  readonly chart: RefObject<EChartsType | null>
  readonly brush: ChartBrush | undefined
  readonly isLasso: boolean
}

/** Drag over a drawing to select a range, a box or, with `isLasso`, a closed line; a double click takes it off.
 *  @returns shapes to draw above the drawing, whether the click that just came was the end of a drag, and what to call after
 *    each drawing */
export function useBrush({ host, chart, brush, isLasso }: BrushOptions) {
  const [draft, setDraft] = useState<readonly Point[] | null>(null)
  const [selected, setSelected] = useState<readonly Point[] | null>(null)
  const wasDrag = useRef(false)
  const latest = useRef({ brush, isLasso })
  useEffect(() => {
    latest.current = { brush, isLasso }
  })

  useEffect(() => {
    const element = host.current
    if (!element) return
    let from: Point | null = null
    let path: Point[] = []
    const at = (event: PointerEvent): Point => {
      const { left, top } = element.getBoundingClientRect()
      return [event.clientX - left, event.clientY - top]
    }
    const onDown = (event: PointerEvent) => {
      wasDrag.current = false
      const made = chart.current
      // A finger scrolls the page; it has the fields.
      if (!made || !latest.current.brush || event.button !== 0 || event.pointerType === 'touch') return
      const point = at(event)
      if (!made.containPixel('grid', [...point])) return
      from = point
      path = [point]
    }
    const onMove = (event: PointerEvent) => {
      const { brush: own, isLasso: isLine } = latest.current
      if (!from || !own || !chart.current) return
      const to = at(event)
      if (!wasDrag.current && Math.hypot(to[0] - from[0], to[1] - from[1]) < clickReach) return
      if (!wasDrag.current) element.setPointerCapture(event.pointerId)
      wasDrag.current = true
      path.push(to)
      setDraft(isLine && own.lasso ? [...path] : boxRing(own, from, to, plotOf(chart.current, element)))
    }
    const onUp = (event: PointerEvent) => {
      const { brush: own, isLasso: isLine } = latest.current
      const start = from
      from = null
      setDraft(null)
      if (!start || !own || !chart.current || !wasDrag.current || event.type === 'pointercancel') return
      const plot = plotOf(chart.current, element)
      if (isLine && own.lasso) {
        const ring = thinRing(path).map((point) => valueAt(chart.current!, clamp(point, plot)))
        if (ring.length >= 3) own.lasso.onLasso(ring)
        return
      }
      const [a, b] = [start, at(event)].map((point) => valueAt(chart.current!, clamp(point, plot)))
      own.onBrush(own.x && spanOf(own.x, a[0], b[0]), own.y && spanOf(own.y, a[1], b[1]))
    }
    const onDouble = () => {
      latest.current.brush?.onBrush(null, null)
      latest.current.brush?.lasso?.onLasso(null)
    }
    return listenTo(element, {
      pointerdown: onDown,
      pointermove: onMove,
      pointerup: onUp,
      pointercancel: onUp,
      dblclick: onDouble,
    })
  }, [host, chart])

  // Where the values of a selection lie is known when they are drawn.
  const onDrawn = useRef(() => {})
  useEffect(() => {
    onDrawn.current = () => {
      const [made, element] = [chart.current, host.current]
      setSelected(made && element && brush ? selectedRing(made, element, brush) : null)
    }
  })

  const shapes: BrushShape[] = [
    ...(selected && !draft ? [{ ring: selected, isDraft: false }] : []),
    ...(draft ? [{ ring: draft, isDraft: true }] : []),
  ]
  return { shapes, wasDrag, onDrawn }
}

/** Inside of the axes, from the drawing's own margins. */
function plotOf(chart: EChartsType, element: HTMLElement): Plot {
  const { grid } = chart.getOption() as {
    grid: readonly { left: number; top: number; right: number; bottom: number }[]
  }
  const { left, top, right, bottom } = grid[0]
  return { left, top, right: element.clientWidth - right, bottom: element.clientHeight - bottom }
}

function clamp([x, y]: Point, { left, top, right, bottom }: Plot): Point {
  return [Math.min(right, Math.max(left, x)), Math.min(bottom, Math.max(top, y))]
}

/** On an axis of names a whole number. */
function valueAt(chart: EChartsType, [x, y]: Point): Point {
  return [
    chart.convertFromPixel({ xAxisIndex: 0 }, x) as unknown as number,
    chart.convertFromPixel({ yAxisIndex: 0 }, y) as unknown as number,
  ]
}

/** The box between two corners; an axis that is not brushed is taken whole. */
function boxRing({ x, y }: ChartBrush, a: Point, b: Point, plot: Plot): Point[] {
  const [from, to] = [clamp(a, plot), clamp(b, plot)]
  return rectangle(x ? [from[0], to[0]] : [plot.left, plot.right], y ? [from[1], to[1]] : [plot.top, plot.bottom])
}

function rectangle([left, right]: AxisSpan, [top, bottom]: AxisSpan): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

function selectedRing(chart: EChartsType, element: HTMLElement, { x, y, lasso }: ChartBrush): Point[] | null {
  const plot = plotOf(chart, element)
  if (lasso?.ring) return lasso.ring.map(([u, v]) => [pixelOn(chart, 'x', u), pixelOn(chart, 'y', v)])
  if (!x?.selected && !y?.selected) return null
  const across = x?.selected ? edgePixels(chart, 'x', x, x.selected) : ([plot.left, plot.right] as const)
  const down = y?.selected ? edgePixels(chart, 'y', y, y.selected) : ([plot.top, plot.bottom] as const)
  const ring = rectangle(across, down).map((point) => clamp(point, plot))
  return ring.every(([u, v]) => Number.isFinite(u) && Number.isFinite(v)) ? ring : null
}

function edgePixels(chart: EChartsType, side: 'x' | 'y', axis: BrushAxis, span: AxisSpan): AxisSpan {
  const edges = edgesOf(axis, span)
  if (axis.kind === 'value') return [pixelOn(chart, side, edges[0]), pixelOn(chart, side, edges[1])]
  // An axis of names knows the middles of its names only.
  const origin = pixelOn(chart, side, 0)
  const count = axis.kind === 'bins' ? axis.count : axis.names.length
  const step = count > 1 ? pixelOn(chart, side, 1) - origin : 2 * Math.abs(origin)
  return [origin + edges[0] * step, origin + edges[1] * step]
}

function pixelOn(chart: EChartsType, side: 'x' | 'y', value: number): number {
  const finder = side === 'x' ? { xAxisIndex: 0 } : { yAxisIndex: 0 }
  return chart.convertToPixel(finder, value) as unknown as number
}
