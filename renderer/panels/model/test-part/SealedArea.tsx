import { useEffect, useMemo, useState } from 'react'
import { endpoints } from '../../../../main/contract/index.ts'
import type { Draft } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { useMapExtras } from '../../../map/map-extras.ts'
import { useMapReadings } from '../../../map/readings.ts'
import type { Bounds } from '../../../map/view/camera.ts'
import { useCommands } from '../../../state/commands.ts'
import type { Command } from '../../../state/commands.ts'
import { editDraft, partAt } from '../../../state/draft.ts'
import { sayFault } from '../../../state/notices.ts'
import { usePointer } from '../../../state/pointer.ts'
import { Button } from '../../../widgets/Button.tsx'
import { NumberField } from '../../../widgets/fields.tsx'

type Extent = readonly [number, number, number, number]

const sides = ['West', 'South', 'East', 'North']
const path = 'split.test.extent'
const put = (label: string, extent: Extent | undefined, isTyped = false) =>
  editDraft(label, path, extent && [...extent], !isTyped)

let drawing: ((bounds: Bounds) => void) | null = null

function stopDrawing(): void {
  if (drawing && useMapExtras.getState().onArea === drawing) useMapExtras.setState({ onArea: null })
  drawing = null
}

/** Digits a map's coordinates deserve: below a millimetre in metres, below a metre in degrees. */
const rounded = (value: number): number => Number(value.toPrecision(9))

/** The rectangle of the test part in the fine grid's CRS: drawn on the map, taken from the view, or typed. */
export function SealedArea({
  draft,
  gridCrs,
  fault,
}: {
  readonly draft: Draft
  readonly gridCrs: string | null
  readonly fault: string | null
}) {
  const value = partAt(draft, path)
  const extent = Array.isArray(value) && value.length === 4 ? (value as unknown as Extent) : null
  const mapCrs = usePointer((state) => state.crs)
  const view = useMapReadings((state) => state.view)
  const isDrawing = useMapExtras(({ onArea }) => onArea !== null && onArea === drawing)
  const [typed, setTyped] = useState<readonly (number | null)[]>([null, null, null, null])
  const canTake = gridCrs !== null && mapCrs !== null
  useEffect(() => stopDrawing, [])
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'model.testArea.leave',
          title: 'Stop drawing the sealed area',
          keys: ['Escape'],
          group: 'Model',
          unavailable: () => (drawing ? null : 'no area is being drawn'),
          run: stopDrawing,
        },
      ],
      [],
    ),
  )
  const take = async ({ west, south, east, north }: Bounds) => {
    if (!gridCrs || !mapCrs) return
    try {
      const own = [west, south, east, north] as const
      const moved =
        gridCrs === mapCrs
          ? own
          : (await call(endpoints.moveExtent, { body: { from: { crs: mapCrs, extent: [...own] }, crs: gridCrs } }))
              .extent
      put('Sealed area', moved.map(rounded) as unknown as Extent)
    } catch (thrown) {
      sayFault(thrown)
    }
  }
  const draw = () => {
    if (isDrawing) return stopDrawing()
    drawing = (bounds) => {
      void take(bounds)
      stopDrawing()
    }
    useMapExtras.setState({ onArea: drawing })
  }
  const shown = extent ?? typed
  const type = (i: number, side: number | null) => {
    if (side === shown[i]) return
    const next = shown.with(i, side)
    setTyped(next)
    if (next.every((each) => each !== null)) put('Sealed area', next as unknown as Extent, true)
  }
  return (
    <fieldset className="test-part-group">
      <legend>Area</legend>
      <div className="test-part-buttons">
        <Button icon="edit" isDisabled={!canTake} onPress={draw}>
          {isDrawing ? 'Stop drawing' : 'Draw on the map'}
        </Button>
        <Button isDisabled={!canTake || view === null} onPress={() => view && void take(view)}>
          Take the view
        </Button>
        {extent && (
          <Button
            onPress={() => {
              setTyped([null, null, null, null])
              put('Seal no area', undefined)
            }}
          >
            Seal no area
          </Button>
        )}
      </div>
      {isDrawing && <p className="text-2">Drag a rectangle on the map. Escape stops.</p>}
      {!canTake && <p className="text-2">There is no map to draw on yet: choose the fine grid, and add a layer.</p>}
      <div className="test-part-sides">
        {sides.map((side, i) => (
          <NumberField key={side} label={side} value={shown[i]} onChange={(next) => type(i, next)} />
        ))}
      </div>
      {gridCrs && <p className="field-hint">In {gridCrs}, the CRS of the fine grid.</p>}
      {fault && <p className="field-fault">{fault}</p>}
    </fieldset>
  )
}
