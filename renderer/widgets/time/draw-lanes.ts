import { dayNumber } from '../../../main/contract/index.ts'
import type { Day, Period } from '../../../main/contract/index.ts'
import { placeOfDay, timeTicks } from './lanes.ts'
import type { Lane, TimeWindow } from './lanes.ts'

interface LanesPicture {
  readonly lanes: readonly Lane[]
  readonly window: TimeWindow
  readonly day: Day | null
  readonly period: Period | null
  readonly width: number
  readonly height: number
  readonly style: CSSStyleDeclaration
}

/** Pixels of a lane and of the step from one to the next. */
export const laneHeight = 6
const laneStep = 9
const axisHeight = 18
/** Lanes drawn; of the rest their number is said. */
export const mostLanes = 6

/** The coverage strips: shade is the valid share, hatching filled, a tick a conflict, half a bar with a tick a day that failed, an
 *  outline one that waits. */
export function drawLanes(context: CanvasRenderingContext2D, picture: LanesPicture): void {
  const { lanes, window, day, period, width, height, style } = picture
  const colour = (name: string) => style.getPropertyValue(name).trim()
  context.clearRect(0, 0, width, height)
  const place = (number: number) => placeOfDay(window, number, width)
  const dayWidth = width / (window.to - window.from)

  if (period) {
    context.fillStyle = colour('--selected')
    const left = place(dayNumber(period.from))
    context.fillRect(left, 0, place(dayNumber(period.to) + 1) - left, height - axisHeight)
  }
  context.font = `11px ${colour('--font')}`
  context.textBaseline = 'middle'
  for (const { number, words, isMajor } of timeTicks(window, width)) {
    const x = Math.round(place(number)) + 0.5
    context.strokeStyle = colour(isMajor ? '--line-strong' : '--line')
    context.lineWidth = 1
    context.beginPath()
    context.moveTo(x, 0)
    context.lineTo(x, height - axisHeight + 4)
    context.stroke()
    context.fillStyle = colour(isMajor ? '--text' : '--text-2')
    context.fillText(words, x + 3, height - axisHeight / 2)
  }
  lanes.slice(0, mostLanes).forEach(({ days }, i) => {
    const y = 4 + i * laneStep
    context.fillStyle = colour('--sunken')
    context.fillRect(0, y, width, laneHeight)
    drawDays(context, days, { place, y, dayWidth, colour })
  })
  if (day) {
    const left = place(dayNumber(day))
    context.fillStyle = colour('--accent')
    context.fillRect(Math.round(left + dayWidth / 2 - 1), 0, 2, height - axisHeight + 4)
    context.strokeStyle = colour('--accent')
    if (dayWidth > 5) context.strokeRect(left + 0.5, 0.5, dayWidth - 1, height - axisHeight + 2)
  }
}

interface LaneInk {
  readonly place: (number: number) => number
  readonly y: number
  readonly dayWidth: number
  readonly colour: (name: string) => string
}

function drawDays(
  context: CanvasRenderingContext2D,
  days: Lane['days'],
  { place, y, dayWidth, colour }: LaneInk,
): void {
  const ink = colour('--accent')
  for (const { day, share, mark } of days) {
    const x = place(dayNumber(day))
    // A day is at least a pixel wide, so that one scene in ten years is seen.
    const width = Math.max(1, dayWidth - (dayWidth > 4 ? 1 : 0))
    if (mark === 'waiting') {
      context.strokeStyle = colour('--line-strong')
      context.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), laneHeight - 1)
      continue
    }
    context.globalAlpha = 0.25 + 0.75 * Math.min(1, Math.max(0, share))
    // Half a bar under its tick: the day was begun and has no map.
    const isFailed = mark === 'failed'
    context.fillStyle = isFailed ? colour('--bad') : ink
    context.fillRect(x, y + (isFailed ? laneHeight / 2 : 0), width, isFailed ? laneHeight / 2 : laneHeight)
    context.globalAlpha = 1
    if (mark === 'filled') {
      context.strokeStyle = colour('--panel')
      context.beginPath()
      for (let at = x + 2; at < x + width + laneHeight; at += 4) {
        context.moveTo(Math.min(at, x + width), y + Math.max(0, at - x - width))
        context.lineTo(Math.max(x, at - laneHeight), y + Math.min(laneHeight, at - x))
      }
      context.stroke()
    }
    if (mark === 'conflict' || mark === 'failed') {
      context.fillStyle = colour('--bad')
      context.fillRect(x, y - 2, Math.max(2, width), 2)
    }
  }
}
