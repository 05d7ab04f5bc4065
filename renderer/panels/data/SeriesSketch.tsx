import { useMemo, useState } from 'react'
import { dayNumber, formatDepth } from '../../../main/contract/index.ts'
import type { Day, StationSeries } from '../../../main/contract/index.ts'
import { session, useSession } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'

const width = 296
const height = 96

interface DayRow {
  readonly day: Day
  readonly value: number | null
}

/** Daily values of a station as dots, or as a table; gaps stay gaps. */
export function SeriesSketch({ series }: { readonly series: StationSeries }) {
  const day = useSession((state) => state.day)
  const { days, values, unit, variable, depth, notes } = series
  const [isTable, setTable] = useState(false)
  const rows = useMemo(() => days.map((each, i): DayRow => ({ day: each, value: values[i] })), [days, values])
  const columns = useMemo(() => columnsFor(variable, formatUnit(unit)), [variable, unit])
  const drawn = useMemo(() => dotsOf(days, values), [days, values])
  if (!drawn) return <p className="text-2">No day has an accepted value of {variable}.</p>
  const { count, first, last, low, high, path } = drawn
  const today = day && dayNumber(day) >= first && dayNumber(day) <= last ? placeOf(dayNumber(day), first, last) : null
  const shown = formatUnit(unit)
  const at = day ? days.indexOf(day) : -1
  return (
    <figure className="series-sketch">
      {isTable ? (
        <div className="series-table">
          <DataTable
            label={`${variable}, days`}
            rows={rows}
            columns={columns}
            keyOf={dayOf}
            selected={day}
            onSelect={(row) => session().set({ day: row.day })}
          />
        </div>
      ) : (
        <>
          <svg
            viewBox={`0 0 ${width} ${height}`}
            role="img"
            aria-label={`${variable}, ${count} days, ${formatNumber(low)} to ${formatNumber(high)} ${shown}`}
          >
            {today !== null && <line className="series-today" x1={today} x2={today} y1="0" y2={height} />}
            <path className="series-dots" d={path} />
          </svg>
          <div className="histogram-axis number-words text-2">
            <span>{days[0]}</span>
            <span>
              {formatNumber(low)} … {formatNumber(high)} {shown}
            </span>
            <span>{days.at(-1)}</span>
          </div>
        </>
      )}
      <figcaption className="text-2">
        {variable}
        {depth && ` at ${formatDepth(depth)}`}, n = {formatCount(count)} days
        {at >= 0 && values[at] !== null && `; ${formatNumber(values[at])} ${shown} on ${day}`}
        {notes.map((note) => ` ${note}`)}
      </figcaption>
      <Button look="quiet" onPress={() => setTable(!isTable)}>
        {isTable ? 'Drawing' : 'Table'}
      </Button>
    </figure>
  )
}

/** Dots of all days with a value, once for each series: a step to another day moves the line only. Null without any value. */
function dotsOf(days: readonly Day[], values: readonly (number | null)[]) {
  const known = values.flatMap((value, i) => (value === null ? [] : [{ value, at: dayNumber(days[i]) }]))
  if (known.length === 0) return null
  const [first, last] = [known[0].at, known[known.length - 1].at]
  let [low, high] = [Infinity, -Infinity]
  for (const { value } of known) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const y = (value: number) => height - 4 - ((value - low) / Math.max(1e-9, high - low)) * (height - 8)
  const dots = known.map(({ at, value }) => `M${placeOf(at, first, last).toFixed(1)} ${y(value).toFixed(1)}h.01`)
  // Of a long series many days lie on one dot.
  return { count: known.length, first, last, low, high, path: [...new Set(dots)].join('') }
}

const placeOf = (at: number, first: number, last: number): number =>
  2 + ((at - first) / Math.max(1, last - first)) * (width - 4)

const dayOf = ({ day }: DayRow): string => day

const columnsFor = (variable: string, unit: string): readonly Column<DayRow>[] => [
  { id: 'day', title: 'Date', width: 108, cell: ({ day }) => day, sortBy: ({ day }) => day },
  {
    id: 'value',
    title: variable,
    hint: unit,
    isNumber: true,
    cell: ({ value }) => formatNumber(value),
    sortBy: ({ value }) => value,
  },
]
