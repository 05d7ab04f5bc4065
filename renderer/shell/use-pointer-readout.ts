import { useEffect } from 'react'
import { reasonNames } from '../../main/contract/index.ts'
import { useMapReadings } from '../map/readings.ts'
import { readCell } from '../map/tiles/read-cell.ts'
import { usePointer } from '../state/pointer.ts'
import type { Reading } from '../state/pointer.ts'
import { session } from '../state/session.ts'

/** Metres of a CSS pixel at 96 per inch. */
const metresPerPixel = 0.0254 / 96

/** Keeps what the status bar says of the place under the pointer up to date, without drawing the map anew. */
export function usePointerReadout(crs: string | null, metresPerUnit: number): void {
  useEffect(() => {
    const tell = () => {
      const { cursor, shown } = useMapReadings.getState()
      const { camera } = session()
      const readings = shown
        .filter(({ pane }) => pane === cursor?.pane)
        .toReversed()
        .flatMap(({ layer, drawn }): Reading[] => {
          const cell = cursor && readCell(drawn, layer.tiled.tileCells, cursor)
          if (!cell) return []
          const hasValue = !Number.isNaN(cell.value)
          return [
            {
              layer: layer.id,
              name: layer.name,
              unit: layer.tiled.unit,
              value: hasValue ? cell.value : null,
              reason: hasValue ? null : (reasonNames[cell.reason] ?? 'no_data').replaceAll('_', ' '),
            },
          ]
        })
      usePointer.setState({
        crs,
        at: cursor && { x: cursor.x, y: cursor.y },
        readings,
        scale: camera ? Math.round(metresPerUnit / 2 ** camera.zoom / metresPerPixel) : null,
      })
    }
    tell()
    return useMapReadings.subscribe(tell)
  }, [crs, metresPerUnit])
}
