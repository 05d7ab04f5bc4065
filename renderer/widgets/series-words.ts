import type { Day } from '../../main/contract/index.ts'
import type { ChartSeries } from './SeriesChart.tsx'
import { formatSignificant, formatUnit } from './format.ts'

/** The chart in a sentence: what, when, how many values, from what to what. */
export function seriesWords(label: string, days: readonly Day[], series: readonly ChartSeries[]): string {
  const parts = series.map(({ name, unit, values }) => {
    const known = values.filter((value): value is number => value !== null)
    if (known.length === 0) return `${name}: no values`
    const low = formatSignificant(Math.min(...known), 3)
    const high = formatSignificant(Math.max(...known), 3)
    return `${name}: ${known.length} values from ${low} to ${high} ${formatUnit(unit)}`.trim()
  })
  const span = days.length > 0 ? `${days[0]} to ${days.at(-1)}` : 'no days'
  return `${label}, ${span}. ${parts.join('; ')}`
}

/** One row a day, a column a series with its unit in the head; gaps stay empty. */
export function seriesCsv(days: readonly Day[], series: readonly ChartSeries[]): string {
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const columns = series.flatMap(({ name, unit, values, high }) => {
    const head = (title: string) => quote(unit ? `${title} [${unit}]` : title)
    return high
      ? [
          { head: head(`${name} low`), values },
          { head: head(`${name} high`), values: high },
        ]
      : [{ head: head(name), values }]
  })
  const lines = days.map((day, i) => [day, ...columns.map(({ values }) => values[i] ?? '')].join(','))
  return [['date', ...columns.map(({ head }) => head)].join(','), ...lines].join('\n') + '\n'
}
