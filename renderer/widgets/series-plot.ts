import uPlot from 'uplot'
import { dayNumber } from '../../main/contract/index.ts'
import type { Day } from '../../main/contract/index.ts'
import type { ChartSeries } from './SeriesChart.tsx'
import { formatSignificant } from './format.ts'

interface PlotInput {
  readonly days: readonly Day[]
  readonly series: readonly ChartSeries[]
  readonly width: number
  readonly height: number
  readonly style: CSSStyleDeclaration
  readonly markedDay: () => Day | null
  /** Index of the day that was clicked. */
  readonly onPick: (index: number) => void
  /** First and last day of a drag; without it a drag zooms. */
  readonly onSpan?: (from: number, to: number) => void
}

const secondsOf = (day: Day) => dayNumber(day) * 86_400

const strokes = [
  { dash: [], border: 'solid' },
  { dash: [7, 4], border: 'dashed' },
  { dash: [2, 3], border: 'dotted' },
] as const

/** The first line of a chart is solid; those after it are told apart by their strokes. */
export function strokeOf(of: ChartSeries, series: readonly ChartSeries[]): (typeof strokes)[number] {
  const nth = series.filter(({ kind }) => kind === 'line').indexOf(of)
  return strokes[Math.max(0, nth) % strokes.length]
}

/** Everything uPlot needs. Times are UTC; bands are two series with the space between them filled. */
export function plotOptions({ days, series, width, height, style, markedDay, onPick, onSpan }: PlotInput) {
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const text = colour('--text')
  const quiet = colour('--text-2')
  const accent = colour('--accent')
  const columns: (number | null)[][] = []
  const shown: uPlot.Series[] = [{}]
  const bands: uPlot.Band[] = []
  const add = (values: readonly (number | null)[], options: uPlot.Series) => {
    columns.push([...values])
    shown.push({ spanGaps: false, points: { show: false }, ...options })
  }
  for (const each of series) {
    const { kind, name, values, high } = each
    if (kind === 'points')
      add(values, {
        label: name,
        stroke: text,
        paths: () => null,
        points: { show: true, size: 4, fill: text, width: 0 },
      })
    else if (kind === 'steps')
      add(values, { label: name, stroke: quiet, width: 1.5, paths: uPlot.paths.stepped!({ align: 1 }) })
    else if (kind === 'bars')
      add(values, {
        label: name,
        scale: 'rain',
        stroke: colour('--info'),
        fill: colour('--info'),
        paths: uPlot.paths.bars!({ size: [0.7, 12] }),
      })
    else if (kind === 'line')
      // A value between two gaps has no line through it, so it is shown as a dot.
      add(values, {
        label: name,
        stroke: accent,
        width: 1.5,
        dash: [...strokeOf(each, series).dash],
        points: { show: true, size: 3, filter: lonely, fill: accent },
      })
    else {
      add(high ?? values, { label: `${name}, upper`, stroke: 'transparent' })
      add(values, { label: `${name}, lower`, stroke: 'transparent' })
      bands.push({
        series: [columns.length - 1, columns.length],
        fill: `color-mix(in srgb, ${accent} 22%, transparent)`,
      })
    }
  }
  const hasBars = series.some(({ kind }) => kind === 'bars')
  const axis: uPlot.Axis = {
    stroke: quiet,
    font: `11px ${colour('--font')}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1, size: 4 },
  }
  const options: uPlot.Options = {
    width,
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: !onSpan } },
    scales: {
      x: { time: true },
      // Rain falls from above and takes the upper third.
      rain: { dir: -1, range: (_plot, _low, high) => [0, Math.max(1, high) * 3] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 56,
        values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => dateWords(tick, step)),
      },
      { ...axis, size: 44, values: (_plot, ticks) => ticks.map((tick) => formatSignificant(tick, 3)) },
      ...(hasBars ? [{ ...axis, scale: 'rain', side: 1 as const, size: 32, grid: { show: false } }] : []),
    ],
    series: shown,
    bands,
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: across } = plot.select
          if (!onSpan || across < 4) return
          onSpan(plot.posToIdx(left), plot.posToIdx(left + across))
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
        },
      ],
      draw: [(plot) => drawMark(plot, markedDay(), accent)],
      ready: [
        (plot) => {
          let downAt = -1
          plot.over.addEventListener('mousedown', (event) => (downAt = event.clientX))
          plot.over.addEventListener('click', (event) => {
            // The end of a drag that zooms is no click.
            if (Math.abs(event.clientX - downAt) < 4 && plot.cursor.idx != null) onPick(plot.cursor.idx)
          })
        },
      ],
    },
  }
  const data: uPlot.AlignedData = [days.map(secondsOf), ...columns]
  return { options, data }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayLength = 86_400

/** `12 Jun`, `Jun` or `2018`, as fine as the step between ticks; the year stands where it begins. */
function dateWords(seconds: number, step: number): string {
  const date = new Date(seconds * 1000)
  const year = String(date.getUTCFullYear())
  const month = months[date.getUTCMonth()]
  const isNewYear = date.getUTCMonth() === 0 && date.getUTCDate() === 1
  if (step >= 300 * dayLength || isNewYear) return year
  return step >= 27 * dayLength ? month : `${date.getUTCDate()} ${month}`
}

const lonely: uPlot.Series.Points.Filter = (plot, seriesIndex) => {
  const values = plot.data[seriesIndex]
  return Array.from(values.keys()).filter((i) => values[i] != null && values[i - 1] == null && values[i + 1] == null)
}

function drawMark(plot: uPlot, day: Day | null, colour: string): void {
  if (!day) return
  const x = Math.round(plot.valToPos(secondsOf(day), 'x', true))
  const { left, top, width, height } = plot.bbox
  if (x < left || x > left + width) return
  const { ctx } = plot
  ctx.save()
  ctx.strokeStyle = colour
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, top + height)
  ctx.stroke()
  ctx.restore()
}
