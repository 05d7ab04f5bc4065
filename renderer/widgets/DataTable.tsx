import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import './data-table.css'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Definition or unit, shown on hover of the head. */
  readonly hint?: string
  readonly width?: number
  readonly isNumber?: boolean
  readonly cell: (row: Row) => ReactNode
  /** What rows are sorted by; without it the column does not sort. null sorts last in both directions. */
  readonly sortBy?: (row: Row) => string | number | null
}

interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly selected?: string | null
  readonly onSelect?: (row: Row) => void
  readonly onOpen?: (row: Row) => void
  readonly rowHeight?: number
  readonly initialSort?: { readonly column: string; readonly isDescending: boolean }
  /** Shown in place of rows. */
  readonly empty?: ReactNode
}

/** Of a column that takes what room is left, px. */
const leastWidth = 80

/** A table that sorts, takes the keyboard and stays smooth with 100 000 rows: only the rows in view are in the page. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, selected, onSelect, onOpen, rowHeight = 26, initialSort, empty } = props
  const [sort, setSort] = useState(initialSort ?? null)
  const scroller = useRef<HTMLDivElement>(null)
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort])
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  // One least width for all rows: rows that grew with their own contents would not stand in line.
  const minWidth = columns.reduce((sum, { width = leastWidth }) => sum + width, 0)
  const template = columns.map(({ width }) => (width ? `${width}px` : `minmax(${leastWidth}px, 1fr)`)).join(' ')
  const chosen = selected == null ? -1 : sorted.findIndex((row) => keyOf(row) === selected)
  const isChosenThere = virtual.getVirtualItems().some(({ index }) => index === chosen)

  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 260) / rowHeight) - 1)
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
    const last = sorted.length - 1
    let to = -1
    if (event.key in steps) to = Math.min(last, Math.max(0, chosen + steps[event.key]))
    else if (event.key === 'Home') to = 0
    else if (event.key === 'End') to = last
    else if (event.key === 'Enter' && chosen >= 0) onOpen?.(sorted[chosen])
    else return
    event.preventDefault()
    event.stopPropagation()
    if (to >= 0 && to <= last) {
      onSelect?.(sorted[to])
      virtual.scrollToIndex(to)
    }
  }

  return (
    <div
      ref={scroller}
      className="data-table"
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      // Only rows in view are in the page, and only those can be pointed at.
      aria-activedescendant={isChosenThere ? `${label} ${chosen}`.replaceAll(' ', '-') : undefined}
      tabIndex={0}
      onKeyDown={move}
    >
      <div className="data-table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth }}>
        {columns.map(({ id, title, hint, isNumber, sortBy }) => {
          const isSorted = sort?.column === id
          const order = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'
          return (
            <div
              key={id}
              role="columnheader"
              className={isNumber ? 'number' : ''}
              aria-sort={sortBy ? order : undefined}
              title={hint}
            >
              {sortBy ? (
                <button
                  type="button"
                  onClick={() => setSort({ column: id, isDescending: isSorted ? !sort.isDescending : false })}
                >
                  {title}
                  {isSorted && <Icon name={sort.isDescending ? 'chevronDown' : 'chevronUp'} size={10} />}
                </button>
              ) : (
                title
              )}
            </div>
          )
        })}
      </div>
      {sorted.length === 0 && empty ? (
        <div role="row">
          <div role="gridcell">{empty}</div>
        </div>
      ) : (
        <div className="data-table-rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index]
            return (
              <div
                key={keyOf(row)}
                id={`${label} ${item.index}`.replaceAll(' ', '-')}
                className="data-table-row"
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={onSelect ? item.index === chosen : undefined}
                style={{
                  gridTemplateColumns: template,
                  minWidth,
                  height: rowHeight,
                  transform: `translateY(${item.start}px)`,
                }}
                onClick={() => onSelect?.(row)}
                onDoubleClick={() => onOpen?.(row)}
              >
                {columns.map(({ id, isNumber, cell }) => (
                  <div key={id} role="gridcell" className={isNumber ? 'number' : ''}>
                    {cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      )}
    </div>
  )
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: { readonly column: string; readonly isDescending: boolean } | null,
): readonly Row[] {
  const by = columns.find(({ id }) => id === sort?.column)?.sortBy
  if (!sort || !by) return rows
  const sign = sort.isDescending ? -1 : 1
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
      return sign * String(a).localeCompare(String(b), undefined, { numeric: true })
    })
    .map(({ row }) => row)
}
