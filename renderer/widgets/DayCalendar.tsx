import { useId, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { dayFromNumber, dayNumber } from '../../main/contract/index.ts'
import type { Day } from '../../main/contract/index.ts'
import './day-calendar.css'

export interface CalendarDay {
  readonly day: Day
  /** Of the square; a token or a colour. */
  readonly colour: string
  /** Drawn in the square, so that no state is told by colour alone. */
  readonly mark?: string
  /** Only an outline: nothing there yet. */
  readonly isHollow?: boolean
  /** Lines across it: held back. */
  readonly isHatched?: boolean
  /** What is told of the day: "done", "failed: …". */
  readonly words: string
}

interface DayCalendarProps {
  readonly label: string
  readonly days: readonly CalendarDay[]
  readonly selected?: Day | null
  readonly onSelect?: (day: Day) => void
  /** While it is there, dragging over days, or arrow keys with Shift, marks a period; letting go, or Enter, hands it over. */
  readonly onBrush?: (first: Day, last: Day) => void
}

const side = 14

/** One square a day, a column a week from Monday to Sunday. Arrow keys go from day to day; what a day says stands below. */
export function DayCalendar({ label, days, selected, onSelect, onBrush }: DayCalendarProps) {
  const [focused, setFocused] = useState(0)
  const [anchor, setAnchor] = useState<number | null>(null)
  const hatch = useId()
  if (days.length === 0) return null
  const first = dayNumber(days[0].day)
  const last = dayNumber(days[days.length - 1].day)
  // 1970-01-01 was a Thursday.
  const start = Math.floor((first + 3) / 7) * 7 - 3
  const at = Math.min(focused, days.length - 1)
  const place = (day: Day) => {
    const n = dayNumber(day) - start
    return { x: Math.floor(n / 7) * side, y: 16 + (n % 7) * side }
  }
  const columns = Math.floor((last - start) / 7) + 1
  const months = monthStarts(first, last)
  const [from, to] = anchor === null ? [at, at] : [Math.min(anchor, at), Math.max(anchor, at)]
  const isBrushing = onBrush !== undefined && anchor !== null
  const handOver = () => {
    setAnchor(null)
    if (isBrushing) onBrush(days[from].day, days[to].day)
  }
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 7, ArrowLeft: -7, ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step && onBrush) setAnchor(event.shiftKey ? (anchor ?? at) : null)
    if (isBrushing && event.key === 'Enter') handOver()
    else if (isBrushing && event.key === 'Escape') setAnchor(null)
    else if (event.key === 'Enter' || event.key === ' ') onSelect?.(days[at].day)
    else if (event.key === 'Home') setFocused(0)
    else if (event.key === 'End') setFocused(days.length - 1)
    else if (step) {
      const wanted = dayNumber(days[at].day) + step
      const found = days.findIndex(({ day }) => dayNumber(day) >= wanted)
      setFocused(
        found < 0 ? days.length - 1 : step < 0 && dayNumber(days[found].day) > wanted ? Math.max(0, found - 1) : found,
      )
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="day-calendar">
      <div className="day-calendar-scroll">
        <svg
          width={Math.max(72, columns * side + 2)}
          height={16 + 7 * side + 2}
          role="application"
          aria-label={`${label}, ${days.length} days. Arrow keys go from day to day.`}
          aria-describedby={`${label}-day`.replaceAll(' ', '-')}
          // A square a day is too many stops for Tab: the calendar is one, and arrow keys go on from there.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          onKeyDown={move}
          onPointerUp={() => (from === to ? setAnchor(null) : handOver())}
          onPointerLeave={({ buttons }) => buttons > 0 && setAnchor(null)}
        >
          <defs>
            <pattern id={hatch} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width={5} height={5} className="day-square-ground" />
              <rect width={1.5} height={5} className="day-square-line" />
            </pattern>
          </defs>
          {months.map(({ day, name }) => (
            <text key={day} x={place(day).x} y={10} className="day-calendar-month">
              {name}
            </text>
          ))}
          {days.map(({ day, colour, mark, isHollow, isHatched, words }, i) => {
            const { x, y } = place(day)
            return (
              <g
                key={day}
                className={`day-square${isHollow ? ' is-hollow' : ''}${i === at ? ' is-focused' : ''}${day === selected || (isBrushing && i >= from && i <= to) ? ' is-selected' : ''}`}
                onPointerEnter={() => setFocused(i)}
                onPointerDown={() => {
                  setFocused(i)
                  if (onBrush) setAnchor(i)
                }}
                onClick={() => onSelect?.(day)}
              >
                <title>{`${day}: ${words}`}</title>
                <rect
                  x={x + 1}
                  y={y + 1}
                  width={side - 2}
                  height={side - 2}
                  rx={2}
                  {...(isHollow ? {} : { fill: isHatched ? `url(#${hatch})` : colour })}
                />
                {mark && (
                  <text x={x + side / 2} y={y + side - 4} textAnchor="middle" className="day-square-mark">
                    {mark}
                  </text>
                )}
              </g>
            )
          })}
        </svg>
      </div>
      <p id={`${label}-day`.replaceAll(' ', '-')} className="day-calendar-words" aria-live="polite">
        {isBrushing && from !== to ? `${days[from].day} to ${days[to].day}` : `${days[at].day}: ${days[at].words}`}
      </p>
    </div>
  )
}

function monthStarts(first: number, last: number): { day: Day; name: string }[] {
  const found: { day: Day; name: string }[] = []
  for (let n = first; n <= last; n++) {
    const day = dayFromNumber(n)
    if (n !== first && !day.endsWith('-01')) continue
    // A month that has only its last days here would lie under the next one's name.
    if (n === first && Number(day.slice(8)) > 14 && last - first > 28) continue
    const name = new Date(`${day}T00:00:00Z`).toLocaleDateString([], { month: 'short', timeZone: 'UTC' })
    found.push({ day, name: n === first || day.slice(5, 7) === '01' ? `${name} ${day.slice(0, 4)}` : name })
  }
  return found
}
