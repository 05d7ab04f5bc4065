import type { LayerStyle } from '../../../main/contract/index.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { NumberField } from '../../widgets/fields.tsx'
import { formatSignificant, formatUnit } from '../../widgets/format.ts'
import { roundTicks, tickText } from '../base/round-steps.ts'
import { quantityRange } from '../colour/layer-look.ts'
import { reasonLook } from '../gpu/reason-patterns.ts'
import { useMapReadings } from '../readings.ts'
import { readCell } from '../tiles/read-cell.ts'
import type { ViewStatistics } from '../tiles/view-statistics.ts'
import type { DrawnLayer } from '../view/panes.ts'
import { PatternSwatch } from './PatternSwatch.tsx'
import { RampBar } from './RampBar.tsx'
import { useViewStatistics } from './use-view-statistics.ts'
import './legend.css'

interface LegendCardProps {
  readonly layer: DrawnLayer
  readonly range: LayerStyle['range']
  readonly onRange: (range: LayerStyle['range']) => void
  /** Other layers of its quantity and unit are on the map; the chain to them is whole or broken. */
  readonly chain: {
    readonly isWhole: boolean
    readonly with: string
    readonly onChange: (isWhole: boolean) => void
  } | null
  /** Places of legends above and below, if there are several. */
  readonly onMove: ((by: -1 | 1) => void) | null
  /** Its grip is held: it follows the pointer until that is let go. */
  readonly onGrab: () => void
  /** Depth interval in words: `0–5 cm`; empty if none. */
  readonly depth?: string
  /** Names of other layers in view with the same range. */
  readonly sharedWith: readonly string[]
  /** Shown on a difference: what is subtracted from what. */
  readonly difference?: string
}

const modeWords: Record<LayerStyle['range']['mode'], string> = {
  quantity: 'fixed',
  dataset: 'dataset 2–98 %',
  view: 'view',
  typed: 'typed',
}

/** What colours and patterns mean, how the values in view are spread, and what is under the pointer. */
export function LegendCard({
  layer,
  range,
  onRange,
  chain,
  onMove,
  onGrab,
  depth,
  sharedWith,
  difference,
}: LegendCardProps) {
  const { look, tiled, id } = layer
  const rangeMode = range.mode
  const statistics = useViewStatistics(id)
  const isAgreed = quantityRange(tiled.quantity, tiled.unit, tiled.kind) !== null
  // Without an agreed range "fixed" is what the dataset holds, and says so.
  const words = modeWords[rangeMode === 'quantity' && !isAgreed ? 'dataset' : rangeMode]
  const unit = formatUnit(tiled.unit)
  const ticks = roundTicks(look.range, 4)
  const place = (value: number) => `${(100 * (value - look.range[0])) / (look.range[1] - look.range[0])}%`
  const choose = (mode: 'quantity' | 'dataset' | 'view') => onRange({ mode })
  const subtitle = [unit, depth].filter(Boolean).join(' · ')
  return (
    <section
      className="legend-entry"
      aria-label={`Legend of ${layer.name}`}
      onKeyDown={(event) => {
        if (!onMove || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
        event.preventDefault()
        event.stopPropagation()
        onMove(event.key === 'ArrowUp' ? -1 : 1)
      }}
    >
      <header>
        {onMove && (
          <IconButton
            icon="drag"
            label={`Move the legend of ${layer.name}`}
            keys="Alt+↑ ↓"
            onPressStart={({ pointerType }) => pointerType !== 'keyboard' && pointerType !== 'virtual' && onGrab()}
          />
        )}
        <div>
          <h3>{tiled.quantity ? capital(tiled.quantity) : layer.name}</h3>
          {subtitle && <p className="text-2">{subtitle}</p>}
        </div>
        <MenuButton
          label={`Range of ${layer.name}: ${words}`}
          text={words}
          rows={[
            { id: 'quantity', title: 'Fixed for the quantity', run: () => choose('quantity') },
            { id: 'dataset', title: 'Dataset 2–98 %', run: () => choose('dataset') },
            { id: 'view', title: 'This view once', run: () => choose('view') },
            {
              id: 'typed',
              title: 'Typed, from what it is now',
              run: () => onRange({ mode: 'typed', min: look.range[0], max: look.range[1] }),
            },
          ]}
        />
        {rangeMode === 'view' && (
          <IconButton icon="close" label="Back to the fixed range" onPress={() => choose('quantity')} />
        )}
        {chain && (
          <IconButton
            icon="link"
            label={
              chain.isWhole
                ? `Shares its range with ${chain.with}: break`
                : `Has its own range: share that of ${chain.with}`
            }
            isActive={chain.isWhole}
            onPress={() => chain.onChange(!chain.isWhole)}
          />
        )}
      </header>
      {range.mode === 'typed' && (
        <div className="legend-typed">
          <NumberField
            label={`Lowest of ${layer.name}`}
            isLabelHidden
            value={range.min}
            onChange={(min) => min !== null && min < range.max && onRange({ ...range, min })}
          />
          <span aria-hidden="true">to</span>
          <NumberField
            label={`Highest of ${layer.name}`}
            isLabelHidden
            value={range.max}
            unit={unit}
            onChange={(max) => max !== null && max > range.min && onRange({ ...range, max })}
          />
        </div>
      )}
      {look.kind === 'categorical' ? (
        <p className="text-2">Classes; the number is read under the pointer.</p>
      ) : (
        <>
          {statistics && <Histogram statistics={statistics} />}
          <div className="legend-ramp">
            <RampBar look={look} />
            <CursorTick layer={layer} />
          </div>
          <div className="legend-ticks" aria-hidden="true">
            {ticks.map((tick) => (
              <span key={tick} style={{ left: place(tick) }}>
                {tickText(tick, ticks)}
              </span>
            ))}
          </div>
        </>
      )}
      {statistics && <Shares statistics={statistics} showReasons={look.showReasons} />}
      {difference && statistics && statistics.valid > 0 && (
        <p className="legend-note">
          {difference}: mean {formatSignificant(statistics.mean, 3)}, RMS {formatSignificant(statistics.rms, 3)} {unit},
          n {statistics.valid} cells in view
        </p>
      )}
      {sharedWith.length > 0 && <p className="legend-note">Also for {sharedWith.join(', ')}</p>}
      <div className="visually-hidden">
        <table>
          <caption>
            {layer.name}: values in view, {formatSignificant(look.range[0])} to {formatSignificant(look.range[1])}{' '}
            {unit}
          </caption>
          <tbody>
            {statistics &&
              binRows(statistics, look.range).map(([words, share]) => (
                <tr key={words}>
                  <th scope="row">{words}</th>
                  <td>{share}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
const percent = (part: number, whole: number) => `${formatSignificant((100 * part) / whole, 2)} %`

function Histogram({ statistics: { bins } }: { readonly statistics: ViewStatistics }) {
  const most = bins.reduce((largest, count) => Math.max(largest, count), 1)
  const path = Array.from(bins, (count, i) => (count > 0 ? `M${i + 0.5} 20V${20 - (19 * count) / most - 1}` : '')).join(
    '',
  )
  return (
    <svg className="legend-histogram" viewBox={`0 0 ${bins.length} 20`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}

/** A tick at the value under the pointer. */
function CursorTick({ layer: { id, look, tiled } }: { readonly layer: DrawnLayer }) {
  const cursor = useMapReadings((state) => state.cursor)
  const shown = useMapReadings((state) => state.shown)
  const own = cursor && shown.find(({ pane, layer }) => pane === cursor.pane && layer.id === id)
  const reading = own && readCell(own.drawn, tiled.tileCells, cursor)
  if (!reading || Number.isNaN(reading.value)) return null
  const share = (reading.value - look.range[0]) / (look.range[1] - look.range[0])
  return (
    <span className="legend-cursor" style={{ left: `${100 * Math.min(1, Math.max(0, share))}%` }} aria-hidden="true" />
  )
}

/** Shares of the view: outside the range, and without a value by reason. */
function Shares({ statistics, showReasons }: { readonly statistics: ViewStatistics; readonly showReasons: boolean }) {
  const { cells, valid, below, above, reasons } = statistics
  const rows = Object.entries(reasons)
    .map(([code, count]) => ({ code: Number(code), count, ...reasonLook(Number(code)) }))
    .filter(({ code, pattern }) => code !== 0 && pattern !== 'none')
    .sort((a, b) => b.count - a.count)
  return (
    <>
      {(below > 0 || above > 0) && (
        <p className="legend-note legend-out number-words">
          <span>{below > 0 ? `‹ ${percent(below, valid)} below` : ''}</span>
          <span>{above > 0 ? `${percent(above, valid)} above ›` : ''}</span>
        </p>
      )}
      {showReasons && rows.length > 0 && (
        <ul className="legend-patterns">
          {rows.map(({ code, pattern, title, count }) => (
            <li key={code}>
              <PatternSwatch pattern={pattern} />
              <span>{title}</span>
              <span className="number">{percent(count, cells)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** The histogram in eight steps, as words, for who does not see it. */
function binRows({ bins, valid }: ViewStatistics, [min, max]: readonly [number, number]): [string, string][] {
  if (valid === 0) return [['No values in view', '']]
  const per = bins.length / 8
  return Array.from({ length: 8 }, (_, i) => {
    const count = bins.slice(i * per, (i + 1) * per).reduce((sum, each) => sum + each, 0)
    const edge = (at: number) => formatSignificant(min + ((max - min) * at) / 8, 3)
    return [`${edge(i)} to ${edge(i + 1)}`, percent(count, valid)]
  })
}
