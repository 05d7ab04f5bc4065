import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { dayNumber, dayOfYear } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { useTheme } from '../../state/use-theme.ts'

interface CoverageCalendarProps {
  readonly days: readonly Day[]
  readonly validShare?: readonly (number | null)[]
  readonly missing: readonly Day[]
  readonly duplicated: readonly Day[]
}

const months = ['J', 'F', 'M', 'A', 'M', 'J', 'J', 'A', 'S', 'O', 'N', 'D']
const cell = 7
const row = 11
const labelWidth = 36
const headHeight = 14

/** A row a year, a bar a day: found is whole, missing its lower half, twice two bars with a gap. */
export function CoverageCalendar({ days, validShare, missing, duplicated }: CoverageCalendarProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  const years = useMemo(() => [...new Set(days.map((day) => day.slice(0, 4)))].sort().slice(0, 60), [days])
  const [room, setRoom] = useState(0)
  const measure = useCallback((element: HTMLElement | null) => setRoom(element?.clientWidth ?? 0), [])
  // Two pixels a day where there is room, less in a panel.
  const perDay = room > 0 ? Math.min(2, (room - labelWidth) / 366) : 2
  const width = labelWidth + 366 * perDay
  const height = headHeight + years.length * row
  useEffect(() => {
    const surface = canvas.current
    const pen = surface?.getContext('2d')
    if (!surface || !pen) return
    surface.width = width * devicePixelRatio
    surface.height = height * devicePixelRatio
    pen.scale(devicePixelRatio, devicePixelRatio)
    // The theme's colours are read anew when it changes.
    surface.dataset.theme = theme
    const style = getComputedStyle(surface.parentElement ?? surface)
    const colour = (name: string) => style.getPropertyValue(name)
    pen.clearRect(0, 0, width, height)
    pen.font = `10px ${style.fontFamily}`
    pen.fillStyle = colour('--text-2')
    months.forEach((letter, i) => pen.fillText(letter, labelWidth + (i * 366 * perDay) / 12 + 2, 10))
    years.forEach((year, i) => pen.fillText(year, 0, headHeight + i * row + 8))
    /** Between two heights of the row, from above. */
    const put = (day: Day, fill: string, [from, to]: readonly [number, number], alpha = 1) => {
      const line = years.indexOf(day.slice(0, 4))
      if (line < 0) return
      pen.globalAlpha = alpha
      pen.fillStyle = fill
      pen.fillRect(
        labelWidth + (dayOfYear(day) - 1) * perDay,
        headHeight + line * row + 1 + from,
        Math.max(0.8, perDay - 0.4),
        to - from,
      )
    }
    years.forEach((_, i) => {
      pen.globalAlpha = 1
      pen.fillStyle = colour('--line')
      pen.fillRect(labelWidth, headHeight + i * row + cell / 2 + 1, 366 * perDay, 1)
    })
    const twice = new Set(duplicated)
    days.forEach((day, i) => {
      if (!twice.has(day)) put(day, colour('--accent'), [0, cell + 1], 0.25 + 0.75 * (validShare?.[i] ?? 1))
    })
    for (const day of missing) put(day, colour('--warn'), [cell - 2, cell + 1])
    for (const day of duplicated)
      for (const half of [
        [0, 3],
        [5, cell + 1],
      ] as const)
        put(day, colour('--bad'), half)
    pen.globalAlpha = 1
  }, [days, validShare, missing, duplicated, years, width, height, perDay, theme])
  const span = dayNumber(days.at(-1) as Day) - dayNumber(days[0]) + 1
  return (
    <figure className="coverage-calendar">
      <div ref={measure} className="coverage-calendar-scroller">
        <canvas
          ref={canvas}
          style={{ width, height }}
          role="img"
          aria-label={`Calendar of dates: ${days.length} found in ${span} days, ${missing.length} missing, ${duplicated.length} twice`}
        />
      </div>
      <figcaption className="text-2">
        <span className="key key-found" /> {days.length} found <span className="key key-missing" /> {missing.length}{' '}
        missing{' '}
        {duplicated.length > 0 && (
          <>
            <span className="key key-twice" /> {duplicated.length} twice, the first file stays
          </>
        )}
      </figcaption>
    </figure>
  )
}
