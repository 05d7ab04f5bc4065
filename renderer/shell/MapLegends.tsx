import { useMemo, useState } from 'react'
import { LegendCard } from '../map/cards/LegendCard.tsx'
import { shareKey } from '../map/colour/layer-look.ts'
import type { DrawnLayer } from '../map/view/panes.ts'
import { useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { useSession } from '../state/session.ts'
import { editLayer, useWorkspaceStore } from '../state/workspace.ts'
import { IconButton } from '../widgets/Button.tsx'
import { formatSignificant } from '../widgets/format.ts'

interface MapLegendsProps {
  /** In drawing order. */
  readonly drawn: readonly DrawnLayer[]
  /** `Fine − SMAP` while a difference is shown. */
  readonly difference: string | null
}

/** 0–5 cm; 5 cm where it is one. */
function depthWords([from, to]: readonly [number, number]): string {
  const [upper, lower] = [from, to].map((metres) => formatSignificant(100 * metres, 3))
  return upper === lower ? `${lower} cm` : `${upper}–${lower} cm`
}

/** Most cards at once; the uppermost layers have them. */
const most = 3

/** Legends in the lower left corner of the map, one for each quantity that is drawn. */
export function MapLegends({ drawn, difference }: MapLegendsProps) {
  const [isShown, setShown] = useState(true)
  useCommands(
    useMemo(
      (): Command[] => [
        { id: 'map.legend', title: 'Legend', keys: ['L'], group: 'Map', run: () => setShown((before) => !before) },
      ],
      [],
    ),
  )
  const layers = useWorkspaceStore((state) => state.document.layers)
  // Small pictures have no room for more.
  const isGrid = useSession(({ compare }) => compare.mode === 'grid')
  const isSame = (a: DrawnLayer, b: DrawnLayer) =>
    shareKey(a.tiled) === shareKey(b.tiled) &&
    a.look.ramp === b.look.ramp &&
    a.look.range[0] === b.look.range[0] &&
    a.look.range[1] === b.look.range[1]
  const top = drawn.toReversed()
  // Layers that share quantity, ramp and range share a card: that of the uppermost.
  const owners = top
    .filter((layer, i) => !top.slice(0, i).some((above) => isSame(above, layer)))
    .slice(0, isGrid ? 1 : most)
  if (!isShown)
    return (
      <div className="map-legends" data-map-control="">
        <IconButton icon="layers" label="Show the legend" keys="L" onPress={() => setShown(true)} />
      </div>
    )
  return (
    <div className="map-legends">
      {owners.map((layer) => (
        <LegendCard
          key={layer.id}
          layer={layer}
          depth={layer.tiled.depth ? depthWords(layer.tiled.depth) : undefined}
          rangeMode={layers.find(({ id }) => id === layer.id)?.style.range.mode ?? 'quantity'}
          onRange={(range) =>
            editLayer(`Range of ${layer.name}`, layer.id, (old) => ({ ...old, style: { ...old.style, range } }))
          }
          sharedWith={top.filter((other) => other !== layer && isSame(other, layer)).map(({ name }) => name)}
          difference={difference ?? undefined}
        />
      ))}
    </div>
  )
}
