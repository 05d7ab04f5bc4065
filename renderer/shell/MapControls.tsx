import { useMemo } from 'react'
import type { Bounds } from '../map/view/camera.ts'
import type { DrawnLayer } from '../map/view/panes.ts'
import { runCommand, useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { session, useSession } from '../state/session.ts'
import type { CompareMode } from '../state/session.ts'
import { IconButton } from '../widgets/Button.tsx'
import { Select } from '../widgets/fields.tsx'
import { toggleDrawing, useAreaFilter } from './use-area-filter.ts'
import './map-controls.css'

const modes: readonly { readonly id: CompareMode; readonly title: string; readonly keys: string }[] = [
  { id: 'single', title: 'Single', keys: '' },
  { id: 'swipe', title: 'Swipe', keys: 'S' },
  { id: 'side', title: 'Side', keys: '' },
  { id: 'grid', title: 'Grid', keys: 'G' },
  { id: 'difference', title: 'Difference', keys: 'X' },
]

interface MapControlsProps {
  readonly drawn: readonly DrawnLayer[]
  readonly home: Bounds | null
  readonly onFit: (bounds: Bounds) => void
}

/** Ways of comparing at the map's upper left, views at its upper right. */
export function MapControls({ drawn, home, onFit }: MapControlsProps) {
  const { compare } = useSession()
  useMapCommands(home, onFit)
  const { canFilter, isDrawing } = useAreaFilter()
  return (
    <>
      <div className="map-modes" role="group" aria-label="Compare" data-map-control="">
        {modes.map(({ id, title, keys }) => (
          <button
            key={id}
            type="button"
            aria-pressed={compare.mode === id}
            disabled={id !== 'single' && id !== 'grid' && drawn.length < 2}
            title={keys && `${title} (${keys})`}
            onClick={() => setMode(id)}
          >
            {title}
          </button>
        ))}
        {compare.mode === 'grid' && (
          <Select
            label="Pictures differ by"
            isLabelHidden
            value={compare.grid.by}
            onChange={(by) =>
              session().set({ compare: { ...compare, grid: by === 'layer' ? { by } : daysGrid(drawn) } })
            }
            choices={[
              { id: 'layer', name: 'by layer' },
              { id: 'day', name: 'by date' },
            ]}
          />
        )}
      </div>
      <div className="map-views" data-map-control="">
        {canFilter && (
          <IconButton
            icon="areaBox"
            label={isDrawing ? 'Drag over the map to filter by an area' : 'Filter by an area'}
            keys="F"
            isActive={isDrawing}
            onPress={toggleDrawing}
          />
        )}
        <IconButton icon="chart" label="Charts" keys="Ctrl+J" onPress={() => runCommand('panel.dock')} />
        <IconButton
          icon="fit"
          label="Show everything"
          keys="0"
          isDisabled={!home}
          onPress={() => home && onFit(home)}
        />
      </div>
    </>
  )
}

function setMode(mode: CompareMode): void {
  const { compare, set } = session()
  set({ compare: { ...compare, mode: compare.mode === mode ? 'single' : mode } })
}

/** Up to twelve dates around the present one that the uppermost dated layer has. */
function daysGrid(drawn: readonly DrawnLayer[]) {
  const times = drawn.findLast(({ tiled }) => Array.isArray(tiled.times))?.tiled.times
  const days = Array.isArray(times) ? [...times] : []
  const { day } = session()
  const at = Math.max(0, day ? days.findIndex((each) => each >= day) : 0)
  const from = Math.max(0, Math.min(at - 5, days.length - 12))
  return { by: 'day' as const, days: days.slice(from, from + 12) }
}

function useMapCommands(home: Bounds | null, onFit: (bounds: Bounds) => void): void {
  useCommands(
    useMemo(
      (): Command[] => [
        { id: 'map.fit', title: 'Show everything', keys: ['Shift+0'], group: 'Map', run: () => home && onFit(home) },
        ...modes.map(
          ({ id, title, keys }): Command => ({
            id: `map.${id}`,
            title: `Compare: ${title.toLowerCase()}`,
            keys: keys ? [keys] : [],
            group: 'Map',
            run: () => setMode(id),
          }),
        ),
      ],
      [home, onFit],
    ),
  )
}
