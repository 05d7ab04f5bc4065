import type { Day } from '../../contract/index.ts'
import { dayNumber } from '../../contract/index.ts'
import { axes, ink, numberText, roundTicks, scale, svg } from './svg.ts'
import type { Frame } from './svg.ts'

const square: Frame = { width: 340, height: 320, left: 56, right: 12, top: 10, bottom: 40 }
const wide: Frame = { width: 720, height: 220, left: 56, right: 12, top: 10, bottom: 40 }

const ticksOf = (low: number, high: number, at: (value: number) => number, count?: number) =>
  roundTicks(low, high, count).map((value) => ({ at: at(value), text: numberText(value) }))

/** Predicted against observed, counted in 60 × 60 bins, with the 1:1 line. */
export function scatterChart(
  predicted: ArrayLike<number>,
  observed: ArrayLike<number>,
  unit: string,
  name: string,
): string {
  let [low, high] = [Infinity, -Infinity]
  for (const values of [predicted, observed])
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i])
      high = Math.max(high, values[i])
    }
  if (!(low < high)) [low, high] = [low - 0.5, low + 0.5]
  const { width, height, left, right, top, bottom } = square
  const x = scale(low, high, left, width - right)
  const y = scale(low, high, height - bottom, top)
  const size = 60
  const counts = new Map<number, number>()
  const bin = (value: number): number => Math.min(size - 1, Math.floor(((value - low) / (high - low)) * size))
  for (let i = 0; i < observed.length; i++) {
    const key = bin(predicted[i]) * size + bin(observed[i])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const most = Math.max(1, ...counts.values())
  const [cellWidth, cellHeight] = [(width - left - right) / size, (height - top - bottom) / size]
  const cells = [...counts].map(([key, count]) => {
    const opacity = (0.15 + 0.85 * (Math.log1p(count) / Math.log1p(most))).toFixed(2)
    const atX = (left + (key % size) * cellWidth).toFixed(1)
    const atY = (height - bottom - (Math.floor(key / size) + 1) * cellHeight).toFixed(1)
    return `<rect x="${atX}" y="${atY}" width="${cellWidth.toFixed(2)}" height="${cellHeight.toFixed(2)}" fill="${ink.accent}" opacity="${opacity}"/>`
  })
  const frame = axes({
    frame: square,
    x: { ticks: ticksOf(low, high, x, 4), title: `Observed, ${unit}` },
    y: { ticks: ticksOf(low, high, y, 4), title: `Predicted, ${unit}` },
  })
  const line = `<line x1="${x(low)}" y1="${y(low)}" x2="${x(high)}" y2="${y(high)}" stroke="${ink.text}" stroke-dasharray="4 3"/>`
  return svg(square, name, frame + cells.join('') + line)
}

export interface SeriesLines {
  readonly days: readonly Day[]
  readonly observed: readonly (number | null)[]
  readonly fine: readonly (number | null)[]
  readonly coarse: readonly (number | null)[]
}

/** Observed dots, the fine map's line, the coarse product's steps; gaps stay gaps. */
export function seriesChart({ days, observed, fine, coarse }: SeriesLines, unit: string, name: string): string {
  const values = [...observed, ...fine, ...coarse].filter((value): value is number => value !== null)
  if (values.length === 0 || days.length === 0) return ''
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const { width, height, left, right, top, bottom } = wide
  const first = dayNumber(days[0])
  const last = Math.max(first + 1, dayNumber(days[days.length - 1]))
  const x = scale(first, last, left, width - right)
  const y = scale(low, high === low ? low + 1e-6 : high, height - bottom, top)
  const at = days.map((day) => x(dayNumber(day)))
  const path = (line: readonly (number | null)[], isStepped: boolean): string => {
    let text = ''
    let isOpen = false
    line.forEach((value, i) => {
      if (value === null) {
        isOpen = false
        return
      }
      const point = `${at[i].toFixed(1)} ${y(value).toFixed(1)}`
      text += isOpen ? (isStepped ? `H${at[i].toFixed(1)}V${y(value).toFixed(1)}` : `L${point}`) : `M${point}`
      isOpen = true
    })
    return text
  }
  const every = Math.max(1, Math.ceil(days.length / 7))
  const xTicks = days.flatMap((day, i) => (i % every === 0 ? [{ at: at[i], text: day }] : []))
  const dots = observed.map((value, i) =>
    value === null ? '' : `<circle cx="${at[i].toFixed(1)}" cy="${y(value).toFixed(1)}" r="1.8" fill="${ink.text}"/>`,
  )
  return svg(
    wide,
    name,
    axes({ frame: wide, x: { ticks: xTicks, title: 'Day' }, y: { ticks: ticksOf(low, high, y, 4), title: unit } }) +
      `<path d="${path(coarse, true)}" fill="none" stroke="${ink.coarse}" stroke-width="1.5"/>` +
      `<path d="${path(fine, false)}" fill="none" stroke="${ink.accent}" stroke-width="1.5"/>${dots.join('')}`,
  )
}

export interface Bar {
  readonly name: string
  readonly value: number
  /** Standard deviation; null where there is none. */
  readonly spread: number | null
}

/** Horizontal bars with whiskers of ± their spread, the longest first. */
export function barChart(bars: readonly Bar[], title: string, name: string): string {
  const row = 20
  const frame: Frame = { width: 560, height: bars.length * row + 54, left: 130, right: 16, top: 8, bottom: 46 }
  const low = Math.min(0, ...bars.map(({ value, spread }) => value - (spread ?? 0)))
  const high = Math.max(0, ...bars.map(({ value, spread }) => value + (spread ?? 0))) || 1
  const x = scale(low, high, frame.left, frame.width - frame.right)
  const body = bars.map(({ value, spread }, i) => {
    const middle = frame.top + (i + 0.5) * row
    const whisker =
      spread === null
        ? ''
        : `<path d="M${x(value - spread).toFixed(1)} ${middle}H${x(value + spread).toFixed(1)}" stroke="${ink.text}"/>`
    return `<rect x="${x(Math.min(0, value)).toFixed(1)}" y="${middle - 6}" width="${Math.abs(x(value) - x(0)).toFixed(1)}" height="12" fill="${ink.accent}"/>${whisker}`
  })
  return svg(
    frame,
    name,
    axes({
      frame,
      x: { ticks: ticksOf(low, high, x, 4), title },
      y: { ticks: bars.map((bar, i) => ({ at: frame.top + (i + 0.5) * row, text: bar.name })), title: '' },
    }) + body.join(''),
  )
}
