/** Colours of a report: always light on white. */
export const ink = {
  text: '#1f1d1a',
  text2: '#5a564e',
  line: '#dcd8d0',
  axis: '#8b867c',
  accent: '#0f5f73',
  coarse: '#8b867c',
} as const

export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char)
}

/** Numbers with at most `digits` significant digits and a real minus. */
export function numberText(value: number | null, digits = 3): string {
  if (value === null || Number.isNaN(value)) return '–'
  return String(Number(value.toPrecision(digits))).replace('-', '−')
}

/** Round numbers from low to high, about `count` of them. */
export function roundTicks(low: number, high: number, count = 5): number[] {
  const raw = (high - low) / count
  if (!(raw > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw) ?? raw
  const ticks: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step)
  return ticks
}

export interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Linear scale from values to pixels. */
export function scale(low: number, high: number, from: number, to: number): (value: number) => number {
  const span = high - low || 1
  return (value) => from + ((value - low) / span) * (to - from)
}

/** A chart's drawing with its name for screen readers. */
export function svg({ width, height }: Pick<Frame, 'width' | 'height'>, name: string, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-label="${escapeText(name)}" font-family="Inter, system-ui, sans-serif" font-size="11">${body}</svg>`
  )
}

interface Axes {
  readonly frame: Frame
  readonly x: { readonly ticks: readonly { readonly at: number; readonly text: string }[]; readonly title: string }
  readonly y: { readonly ticks: readonly { readonly at: number; readonly text: string }[]; readonly title: string }
}

/** Two axes with ticks, light grid lines and titles; `at` is in pixels. */
export function axes({ frame, x, y }: Axes): string {
  const { width, height, left, right, top, bottom } = frame
  const base = height - bottom
  const edge = width - right
  const xs = x.ticks.map(
    ({ at, text }) =>
      `<line x1="${at}" y1="${top}" x2="${at}" y2="${base}" stroke="${ink.line}"/>` +
      `<text x="${at}" y="${base + 15}" text-anchor="middle" fill="${ink.text2}">${escapeText(text)}</text>`,
  )
  const ys = y.ticks.map(
    ({ at, text }) =>
      `<line x1="${left}" y1="${at}" x2="${edge}" y2="${at}" stroke="${ink.line}"/>` +
      `<text x="${left - 6}" y="${at + 4}" text-anchor="end" fill="${ink.text2}">${escapeText(text)}</text>`,
  )
  const middle = (top + base) / 2
  return [
    ...xs,
    ...ys,
    `<path d="M${left} ${top}V${base}H${edge}" fill="none" stroke="${ink.axis}"/>`,
    `<text x="${(left + edge) / 2}" y="${height - 6}" text-anchor="middle" fill="${ink.text}">${escapeText(x.title)}</text>`,
    `<text transform="translate(12 ${middle}) rotate(-90)" text-anchor="middle" fill="${ink.text}">${escapeText(y.title)}</text>`,
  ].join('')
}
