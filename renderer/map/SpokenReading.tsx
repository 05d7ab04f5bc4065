import { formatUnit } from '../widgets/format.ts'
import { valueText } from './colour/layer-look.ts'
import { reasonLook } from './gpu/reason-patterns.ts'
import { useMapReadings } from './readings.ts'
import type { ShownLayer } from './readings.ts'
import { readCell } from './tiles/read-cell.ts'

/** What lies under the cross-hair, for who does not see the map: said when the keyboard moved it. */
export function SpokenReading() {
  const cursor = useMapReadings((state) => state.cursor)
  const shown = useMapReadings((state) => state.shown)
  const words = cursor
    ? shown
        .filter(({ pane }) => pane === cursor.pane)
        .toReversed()
        .map((each) => readingWords(each, cursor))
        .join('; ')
    : ''
  return (
    <p className="visually-hidden" aria-live="polite">
      {words}
    </p>
  )
}

/** `Fine map 0.213 m³ m⁻³`, or why there is no value. */
export function readingWords({ layer, drawn }: ShownLayer, place: { readonly x: number; readonly y: number }): string {
  const { tiled, look, name } = layer
  const reading = readCell(drawn, tiled.tileCells, place)
  if (!reading) return `${name}: nothing here`
  const { words } = reasonLook(reading.reason)
  if (Number.isNaN(reading.value)) return `${name}: ${words}`
  const value = `${name} ${valueText(look, reading.value)} ${formatUnit(tiled.unit)}`.trim()
  return reading.reason === 0 ? value : `${value}, ${words}`
}
