import { useEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Day, Period } from '../../main/contract/index.ts'
import { Button } from './Button.tsx'
import { DataTable } from './DataTable.tsx'
import { say } from '../state/notices.ts'
import { formatSignificant, formatUnit } from './format.ts'
import { plotOptions, strokeOf } from './series-plot.ts'
import { seriesCsv, seriesWords } from './series-words.ts'
import { FigureSheet } from './figures/FigureSheet.tsx'
import { seriesFigure } from './charts/series-figure.ts'
import './series-chart.css'

/** How a series is drawn. `points`: observed; `steps`: holds until the next day (coarse product); `line`: prediction; `band`:
 *  between `values` and `high`; `bars`: on an axis of its own, from above (rain). A gap stays a gap. */
export type SeriesKind = 'points' | 'steps' | 'line' | 'band' | 'bars'

export interface ChartSeries {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly kind: SeriesKind
  /** One value a day; null is a gap. */
  readonly values: readonly (number | null)[]
  /** Upper edge of a band. */
  readonly high?: readonly (number | null)[]
}

interface SeriesChartProps {
  /** `Cell 1 204, 877` */
  readonly label: string
  /** Ascending. */
  readonly days: readonly Day[]
  readonly series: readonly ChartSeries[]
  /** Marked by a line. */
  readonly day: Day | null
  readonly onDay: (day: Day) => void
  /** Days that were dragged over; without it a drag zooms. */
  readonly onPeriod?: (period: Period) => void
  readonly height?: number
}

/** Values of one place over time, with a table of the same numbers and a copy as CSV. A click, or arrows, choose the day. */
export function SeriesChart({ label, days, series, day, onDay, onPeriod, height = 180 }: SeriesChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef({ day, onDay, onPeriod, days })
  useEffect(() => {
    latest.current = { day, onDay, onPeriod, days }
    plot.current?.redraw(false)
  })
  const hasPeriod = onPeriod !== undefined
  const [isTable, setTable] = useState(false)
  const [theme, setTheme] = useState(() => document.documentElement.dataset.theme)

  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(document.documentElement.dataset.theme))
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const element = host.current
    if (!element || isTable || days.length === 0) return
    const { options, data } = plotOptions({
      days,
      series,
      width: element.clientWidth,
      height,
      // Colours are read anew with each theme.
      style: getComputedStyle(theme ? document.documentElement : element),
      markedDay: () => latest.current.day,
      onPick: (index) => latest.current.onDay(latest.current.days[index]),
      onSpan: hasPeriod
        ? (from, to) => latest.current.onPeriod?.({ from: latest.current.days[from], to: latest.current.days[to] })
        : undefined,
    })
    const made = new uPlot(options, data, element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [days, series, height, isTable, theme, hasPeriod])

  const figure = useMemo(() => seriesFigure(label, days, series), [label, days, series])
  const [isFigure, setFigure] = useState(false)
  const rows = useMemo(() => days.map((each, i) => ({ day: each, i })), [days])
  const step = (event: KeyboardEvent) => {
    if (event.key === 't' || event.key === 'T') setTable((before) => !before)
    const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (direction === 0) return
    event.preventDefault()
    event.stopPropagation()
    const at = day ? days.findIndex((each) => each >= day) : -1
    onDay(days[Math.min(days.length - 1, Math.max(0, at + direction))])
  }
  const copy = () =>
    navigator.clipboard.writeText(seriesCsv(days, series)).then(
      () => say('good', `Copied ${days.length} days as CSV`),
      () => say('bad', 'The clipboard refused the text. Allow it for this page, or take the table.'),
    )

  return (
    <figure className="series-chart">
      {isTable ? (
        <DataTable
          label={`${label}, table`}
          rows={rows}
          keyOf={(row) => row.day}
          selected={day}
          onSelect={(row) => onDay(row.day)}
          columns={[
            { id: 'day', title: 'Date', width: 108, cell: (row) => row.day, sortBy: (row) => row.day },
            ...series.map(({ id, name, unit, values }) => ({
              id,
              title: name,
              hint: formatUnit(unit),
              isNumber: true,
              cell: (row: { i: number }) => formatSignificant(values[row.i], 4),
              sortBy: (row: { i: number }) => values[row.i],
            })),
          ]}
        />
      ) : (
        // The picture takes arrows as a slider does; the same numbers are in the table.
        <div
          ref={host}
          className="series-plot"
          role="slider"
          tabIndex={0}
          aria-label={seriesWords(label, days, series)}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, days.length - 1)}
          aria-valuenow={Math.max(0, day ? days.indexOf(day) : 0)}
          aria-valuetext={day ?? 'no date'}
          style={{ height }}
          onKeyDown={step}
        />
      )}
      <figcaption>
        <ul className="series-key">
          {series.map((each) => (
            <li key={each.id}>
              <span
                className={`series-mark series-mark-${each.kind}`}
                style={each.kind === 'line' ? { borderTopStyle: strokeOf(each, series).border } : undefined}
                aria-hidden="true"
              />
              {each.name}
              {each.unit && <span className="text-3"> {formatUnit(each.unit)}</span>}
            </li>
          ))}
        </ul>
        <Button look="quiet" onPress={() => setTable(!isTable)}>
          {isTable ? 'Chart' : 'Table'}
        </Button>
        <Button look="quiet" onPress={() => void copy()}>
          Copy CSV
        </Button>
        <Button look="quiet" onPress={() => setFigure(true)}>
          Figure …
        </Button>
      </figcaption>
      {isFigure && <FigureSheet source={figure} onClose={() => setFigure(false)} />}
    </figure>
  )
}
