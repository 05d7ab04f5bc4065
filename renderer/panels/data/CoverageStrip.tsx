import { useEffect, useRef } from 'react'
import { dayNumber } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { useTheme } from '../../state/use-theme.ts'

interface CoverageStripProps {
  /** Sorted. */
  readonly days: readonly Day[]
  readonly validShare?: readonly (number | null)[]
  readonly duplicated?: readonly Day[]
  /** Period the strip spans; default first to last day. */
  readonly from?: Day
  readonly to?: Day
  readonly label: string
}

/** All dates of a dataset as one thin strip: darker where more cells have a value, a red tick where a date came twice. */
export function CoverageStrip({ days, validShare, duplicated = [], from, to, label }: CoverageStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const surface = canvas.current
    const pen = surface?.getContext('2d')
    if (!surface || !pen || days.length === 0) return
    const width = surface.clientWidth * devicePixelRatio
    const height = surface.clientHeight * devicePixelRatio
    surface.width = width
    surface.height = height
    // The theme's colours are read anew when it changes.
    surface.dataset.theme = theme
    const style = getComputedStyle(surface.parentElement ?? surface)
    const first = dayNumber(from ?? days[0])
    const length = dayNumber(to ?? (days.at(-1) as Day)) - first + 1
    const place = (day: Day) => ((dayNumber(day) - first) / length) * width
    const one = Math.max(1, width / length)
    pen.clearRect(0, 0, width, height)
    pen.fillStyle = style.getPropertyValue('--accent')
    days.forEach((day, i) => {
      const share = validShare?.[i] ?? 1
      pen.globalAlpha = 0.25 + 0.75 * share
      pen.fillRect(place(day), 0, Math.max(1, one - (one > 3 ? 1 : 0)), height)
    })
    pen.globalAlpha = 1
    pen.fillStyle = style.getPropertyValue('--bad')
    for (const day of duplicated) pen.fillRect(place(day), 0, Math.max(2, one), height / 2)
  }, [days, validShare, duplicated, from, to, theme])
  return <canvas ref={canvas} className="coverage-strip" role="img" aria-label={label} />
}
