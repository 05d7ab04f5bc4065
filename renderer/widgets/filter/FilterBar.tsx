import { Fragment, useMemo } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import {
  brushLasso,
  brushRange,
  clearFilter,
  filterScope,
  isFiltered,
  useChartFilter,
  useFilterCount,
} from '../../state/chart-filter.ts'
import type { ChartFilterState, FilterScope } from '../../state/chart-filter.ts'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { session, useSession } from '../../state/session.ts'
import { Button, IconButton } from '../Button.tsx'
import { RangeFields } from '../charts/BrushFields.tsx'
import { NumberField } from '../fields.tsx'
import { formatCount } from '../format.ts'
import { Icon } from '../Icon.tsx'
import { filterParts } from './filter-words.ts'
import type { FilterPart } from './filter-words.ts'
import './filter-bar.css'

/** The filter in words with what it leaves, and a way out of each part. Nothing while nothing is brushed. */
export function FilterBar() {
  const place = useSession((state) => state.place)
  const period = useSession((state) => state.period)
  const filter = useChartFilter()
  const scope = filterScope(place)
  const count = useFilterCount(({ counts }) => (scope ? counts[scope] : undefined))
  useFilterCommands()
  const parts = scope ? filterParts(filter, period, scope) : []
  if (!scope || parts.length === 0) return null
  return (
    <section className="filter-bar" aria-label="Filter">
      <span className="filter-bar-head">
        <Icon name="filter" /> Filtered
      </span>
      {parts.map((part, i) => (
        <Fragment key={part.id}>
          {i > 0 && <span className="text-3">and</span>}
          <PartChip part={part} scope={scope} />
        </Fragment>
      ))}
      {count && (
        <span className="filter-count" role="status">
          n = {formatCount(count.n)} of {formatCount(count.of)} {count.what}
          {count.ignored.length > 0 && <span className="text-2"> · {count.ignored.join('; ')}</span>}
        </span>
      )}
      <Button look="quiet" onPress={clearFilter}>
        Clear all
      </Button>
    </section>
  )
}

function PartChip({ part: { words, part }, scope }: { readonly part: FilterPart; readonly scope: FilterScope }) {
  return (
    <span className="filter-chip">
      {part.of === 'range' ? (
        <DialogTrigger>
          <AriaButton className="filter-chip-words" aria-label={`Change ${words}`}>
            {words}
          </AriaButton>
          <Popover className="popover brush-popover">
            <Dialog aria-label={`Range of ${part.column}`} className="brush-fields">
              <RangeFields
                name={part.column}
                unit={part.range.unit}
                span={[part.range.low, part.range.high]}
                onSpan={(span) =>
                  brushRange(part.scope, part.column, span && { low: span[0], high: span[1], unit: part.range.unit })
                }
              />
            </Dialog>
          </Popover>
        </DialogTrigger>
      ) : part.of === 'area' ? (
        <DialogTrigger>
          <AriaButton className="filter-chip-words" aria-label={`Change ${words}`}>
            {words}
          </AriaButton>
          <Popover className="popover brush-popover">
            <Dialog aria-label="Area" className="brush-fields">
              <AreaFields />
            </Dialog>
          </Popover>
        </DialogTrigger>
      ) : (
        <span className="filter-chip-words">{words}</span>
      )}
      <IconButton icon="close" label={`No longer filter by ${words}`} onPress={() => takeOff(part, scope)} />
    </span>
  )
}

const sides = ['West', 'South', 'East', 'North'] as const

function AreaFields() {
  const area = useChartFilter((state) => state.area)
  if (!area) return null
  return (
    <div className="brush-pair">
      {sides.map((side, i) => (
        <NumberField
          key={side}
          label={side}
          value={area.bounds[i]}
          format={{ maximumFractionDigits: 4 }}
          onChange={(value) => {
            if (value === null) return
            const bounds = area.bounds.map((each, k) => (k === i ? value : each)) as unknown as typeof area.bounds
            useChartFilter.setState({ area: { ...area, bounds } })
          }}
        />
      ))}
    </div>
  )
}

function takeOff(part: FilterPart['part'], scope: FilterScope): void {
  const off: Partial<Record<FilterPart['part']['of'], Partial<ChartFilterState>>> = {
    months: { months: null },
    area: { area: null },
    places: { places: null },
  }
  if (part.of === 'range') brushRange(part.scope, part.column, null)
  else if (part.of === 'lasso') brushLasso(scope, null)
  else if (part.of === 'period') session().set({ period: null })
  else useChartFilter.setState(off[part.of] ?? {})
}

function useFilterCommands(): void {
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'filter.clear',
          title: 'Clear the filter of the charts',
          keys: ['Escape'],
          group: 'View',
          unavailable: () => (isFiltered(session().place) ? null : 'nothing is filtered'),
          run: clearFilter,
        },
      ],
      [],
    ),
  )
}
