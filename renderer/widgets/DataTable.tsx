import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import { sortRows } from './sort-rows.ts'
import type { SortValue } from './sort-rows.ts'
import { useMedia } from './use-media.ts'
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
  readonly sortBy?: (row: Row) => SortValue
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

/** Longer than this between two letters, and a new word begins. */
const typingMs = 800

/** Of a column that takes what room is left, px. */
const leastWidth = 80

/** A table that sorts, takes the keyboard and stays smooth with 100 000 rows: only the rows in view are in the page. Arrows, page
 *  keys, Home and End go from row to row, letters to the next row that begins with them. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, selected, onSelect, onOpen, initialSort, empty } = props
  const isCoarse = useMedia('(pointer: coarse)')
  const rowHeight = Math.max(props.rowHeight ?? 26, isCoarse ? 44 : 0)
  const headHeight = isCoarse ? 44 : 28
  const [sort, setSort] = useState(initialSort ?? null)
  const scroller = useRef<HTMLDivElement>(null)
  const sorted = useMemo(() => {
    const by = columns.find(({ id }) => id === sort?.column)?.sortBy
    return sort && by ? sortRows(rows, by, sort.isDescending) : rows
  }, [rows, columns, sort])
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The head stays above the rows, so as much of the lower ones is out of view.
    scrollPaddingEnd: headHeight,
  })
  // One least width for all rows: rows that grew with their own contents would not stand in line.
  const minWidth = columns.reduce((sum, { width = leastWidth }) => sum + width, 0)
  const template = columns.map(({ width }) => (width ? `${width}px` : `minmax(${leastWidth}px, 1fr)`)).join(' ')
  // Asked once for each selection, not with each step of the scroll bar.
  const selectedAt = useMemo(
    () => (selected == null ? -1 : sorted.findIndex((row) => keyOf(row) === selected)),
    [sorted, selected, keyOf],
  )
  /** Where the keys are in a table in which nothing is selected. */
  const [cursor, setCursor] = useState(-1)
  const chosen = onSelect ? selectedAt : Math.min(cursor, sorted.length - 1)
  const isChosenThere = virtual.getVirtualItems().some(({ index }) => index === chosen)
  const typed = useRef({ text: '', atMs: 0 })

  /** The next row whose first sorted column begins with what was typed; -1 without one. */
  const rowTyped = (letter: string, nowMs: number): number => {
    const by = columns.find(({ sortBy }) => sortBy)?.sortBy
    if (!by) return -1
    const isNew = nowMs - typed.current.atMs > typingMs
    const text = (isNew ? '' : typed.current.text) + letter.toLowerCase()
    // A first letter goes on to the next row, further ones stay on a row that fits.
    const from = Math.max(0, text.length > 1 ? chosen : chosen + 1)
    const fits = (row: Row) =>
      String(by(row) ?? '')
        .toLowerCase()
        .startsWith(text)
    const after = sorted.findIndex((row, i) => i >= from && fits(row))
    const found = after >= 0 ? after : sorted.findIndex(fits)
    if (found >= 0) typed.current = { text, atMs: nowMs }
    return found
  }

  const move = (event: KeyboardEvent) => {
    // A button of the head, or a field in a cell, keeps Enter and letters for itself.
    const isOwn = event.target === event.currentTarget
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 260) / rowHeight) - 1)
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
    const last = sorted.length - 1
    let to = -1
    if (event.key in steps) to = Math.min(last, Math.max(0, chosen + steps[event.key]))
    else if (event.key === 'Home') to = 0
    else if (event.key === 'End') to = last
    else if (isOwn && event.key === 'Enter' && chosen >= 0) onOpen?.(sorted[chosen])
    else if (
      isOwn &&
      event.key.length === 1 &&
      event.key !== ' ' &&
      !event.ctrlKey &&
      !event.altKey &&
      !event.metaKey
    ) {
      to = rowTyped(event.key, event.timeStamp)
      if (to < 0) return
    } else return
    event.preventDefault()
    event.stopPropagation()
    if (to >= 0 && to <= last) {
      if (onSelect) onSelect(sorted[to])
      else setCursor(to)
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
                className={`data-table-row${!onSelect && item.index === chosen ? ' is-current' : ''}`}
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
