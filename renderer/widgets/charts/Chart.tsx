import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { say, sayFault } from '../../state/notices.ts'
import { pinFigure } from '../../state/pin-figure.ts'
import { IconButton } from '../Button.tsx'
import { DataTable } from '../DataTable.tsx'
import type { Column } from '../DataTable.tsx'
import { MenuButton } from '../MenuButton.tsx'
import { BrushFields } from './BrushFields.tsx'
import type { ChartBrush } from './brush.ts'
import { useChartColours } from './chart-colours.ts'
import type { ChartColours } from './chart-colours.ts'
import { echarts } from './echarts.ts'
import { FigureSheet } from '../figures/FigureSheet.tsx'
import { saveFigure, wholeFigure } from '../figures/save-figure.ts'
import { csvOf, latexOf } from '../table-text.ts'
import type { TextTable } from '../table-text.ts'
import { chartFigure } from './chart-figure.ts'
import { useBrush } from './use-brush.ts'
import './chart.css'

export interface ChartProps {
  readonly title: string
  /** Read by screen readers in place of the drawing: "Scatter, 4 812 pairs, R 0.72 [0.69, 0.75]". */
  readonly description: string
  /** n, units and signs; goes with every export. */
  readonly caption: string
  /** Its numbers. */
  readonly table: TextTable
  readonly option: (colours: ChartColours) => EChartsCoreOption
  readonly height?: number
  /** Choices of what is drawn, in the head. */
  readonly controls?: ReactNode
  /** A mark was clicked. */
  readonly onPick?: (params: { seriesName?: string; dataIndex: number; data: unknown; name: string }) => void
  /** What a drag over the drawing selects in all charts. */
  readonly brush?: ChartBrush
}

/** A chart with its twin as a table, its caption, and export as a figure of any size, CSV and LaTeX. */
export function Chart({
  title,
  description,
  caption,
  table,
  option,
  height = 260,
  controls,
  onPick,
  brush,
}: ChartProps) {
  const [isTable, setTable] = useState(false)
  const [isLasso, setLasso] = useState(false)
  const colours = useChartColours()
  const onKeyDown = (event: KeyboardEvent) => {
    // What is typed into a field of a popover comes along here as well.
    if (event.target instanceof HTMLInputElement) return
    if (event.key !== 't' || event.ctrlKey || event.altKey || event.metaKey) return
    setTable(!isTable)
    event.preventDefault()
    event.stopPropagation()
  }
  const [isFigure, setFigure] = useState(false)
  const figure = useMemo(() => chartFigure({ title, caption, option }), [title, caption, option])
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    say('good', `Copied ${table.rows.length} rows of ${title}.`)
  }
  const save = (kind: 'svg' | 'png') =>
    void saveFigure(figure, { kind, size: '180', hasCaption: true, dotsPerInch: 300 }).catch(sayFault)
  const pin = async () => {
    const { svg } = await wholeFigure(figure, { size: '180', hasCaption: false })
    await pinFigure({ title, caption, kind: 'svg', picture: new Blob([svg], { type: 'image/svg+xml' }) })
  }
  return (
    <figure className="chart" aria-label={title} onKeyDown={onKeyDown}>
      <div className="chart-head">
        <h3>{title}</h3>
        {controls}
        {brush?.lasso && !isTable && (
          <IconButton
            icon="lasso"
            label={isLasso ? 'Drag draws a box' : 'Drag draws a line around'}
            isActive={isLasso}
            onPress={() => setLasso(!isLasso)}
          />
        )}
        {brush && <BrushFields title={title} brush={brush} />}
        <IconButton
          icon={isTable ? 'chart' : 'menu'}
          label={isTable ? 'Show the drawing' : 'Show as a table'}
          keys="T"
          onPress={() => setTable(!isTable)}
        />
        <MenuButton
          label={`Export ${title}`}
          icon="download"
          rows={[
            { id: 'svg', title: 'Save as SVG', run: () => save('svg') },
            { id: 'png', title: 'Save as PNG', run: () => save('png') },
            { id: 'figure', title: 'Figure for print …', icon: 'file', run: () => setFigure(true) },
            { id: 'csv', title: 'Copy as CSV', startsGroup: true, run: () => void copy(csvOf(table)) },
            {
              id: 'latex',
              title: 'Copy as LaTeX',
              run: () => void copy(latexOf(table, { caption: `${title}. ${caption}`, label: `tab:${title}` })),
            },
            {
              id: 'pin',
              title: 'Pin to the report',
              icon: 'pin',
              startsGroup: true,
              run: () => void pin().catch(sayFault),
            },
          ]}
        />
      </div>
      {isTable ? (
        <div style={{ height }}>
          <ChartTableView title={title} table={table} />
        </div>
      ) : (
        <Drawing
          description={description}
          option={option(colours)}
          height={height}
          onPick={onPick}
          brush={brush}
          isLasso={isLasso}
        />
      )}
      <figcaption className="chart-caption">{caption}</figcaption>
      {isFigure && <FigureSheet source={figure} onClose={() => setFigure(false)} />}
    </figure>
  )
}

interface DrawingProps extends Pick<ChartProps, 'description' | 'onPick' | 'brush'> {
  readonly option: EChartsCoreOption
  readonly height: number
  readonly isLasso: boolean
}

function Drawing({ description, option, height, onPick, brush, isLasso }: DrawingProps) {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const picked = useRef(onPick)
  picked.current = onPick
  const { shapes, wasDrag, onDrawn } = useBrush({ host, chart, brush, isLasso })
  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = echarts.init(element, undefined, { renderer: 'svg' })
    chart.current = made
    made.on('click', (params) => {
      if (wasDrag.current) return
      picked.current?.({
        seriesName: params.seriesName,
        dataIndex: params.dataIndex ?? -1,
        data: params.data,
        name: params.name,
      })
    })
    made.on('finished', () => onDrawn.current())
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [wasDrag, onDrawn])
  useEffect(() => {
    chart.current?.setOption({ animation: false, ...option }, { notMerge: true })
  }, [option])
  return (
    <div className={`chart-frame${brush ? ' is-brushable' : ''}`} style={{ height }}>
      <div ref={host} className="chart-drawing" role="img" aria-label={description} style={{ height }} />
      <svg className="chart-brush" aria-hidden="true">
        {shapes.map(({ ring, isDraft }) => (
          <polygon
            key={isDraft ? 'draft' : 'selected'}
            className={isDraft ? 'is-draft' : ''}
            points={ring.map((point) => point.join(',')).join(' ')}
          />
        ))}
      </svg>
    </div>
  )
}

function ChartTableView({ title, table }: { readonly title: string; readonly table: TextTable }) {
  type Row = { readonly cells: readonly (string | number | null)[]; readonly index: number }
  const columns = table.head.map(
    (head, i): Column<Row> => ({
      id: head,
      title: head,
      isNumber: typeof table.rows[0]?.[i] === 'number',
      cell: ({ cells }) => (cells[i] === null ? '–' : String(cells[i])),
      sortBy: ({ cells }) => cells[i],
    }),
  )
  const rows = table.rows.map((cells, index) => ({ cells, index }))
  return <DataTable label={`${title} as a table`} columns={columns} rows={rows} keyOf={({ index }) => String(index)} />
}
