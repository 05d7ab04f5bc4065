import { useMemo, useRef, useState } from 'react'
import { formatDepth } from '../../main/contract/index.ts'
import { LegendCard } from '../map/cards/LegendCard.tsx'
import { shareKey } from '../map/colour/layer-look.ts'
import { editRange, setLinked } from '../map/edit-range.ts'
import type { DrawnLayer } from '../map/view/panes.ts'
import { useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { useSession } from '../state/session.ts'
import { editWorkspace, useWorkspaceStore } from '../state/workspace.ts'
import { IconButton } from '../widgets/Button.tsx'

interface MapLegendsProps {
  /** In drawing order. */
  readonly drawn: readonly DrawnLayer[]
  /** `Fine − SMAP` while a difference is shown. */
  readonly difference: string | null
}

/** Most legends at once; the uppermost layers have them. */
const most = 3

/** The legend in the lower left corner of the map: a part for each quantity that is drawn. */
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
  const kept = useWorkspaceStore((state) => state.document.legendOrder)
  const parts = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState<readonly string[] | null>(null)
  // Small pictures have no room for more.
  const isGrid = useSession(({ compare }) => compare.mode === 'grid')
  const top = drawn.toReversed()
  // Layers that look the same share a part: that of the uppermost.
  const owners = inOrder(
    top.filter((layer, i) => !top.slice(0, i).some((above) => isSame(above, layer))).slice(0, isGrid ? 1 : most),
    dragged ?? kept,
  )
  if (!isShown || owners.length === 0)
    return (
      <div className="map-legends" data-map-control="">
        {owners.length > 0 && (
          <IconButton icon="layers" label="Show the legend" keys="L" onPress={() => setShown(true)} />
        )}
      </div>
    )
  const ids = owners.map(({ id }) => id)
  const moveTo = (id: string, to: number): string[] => {
    const others = ids.filter((each) => each !== id)
    return [...others.slice(0, to), id, ...others.slice(to)]
  }
  const keep = (name: string, legendOrder: string[]) =>
    editWorkspace(`Move the legend of ${name}`, (document) => ({ ...document, legendOrder }), 'legend order')
  const grab = ({ id, name }: DrawnLayer) => {
    let order: string[] | null = null
    const over = ({ clientY }: PointerEvent) => {
      const middles = [...(parts.current?.children ?? [])].map((child) => {
        const { top: upper, height } = child.getBoundingClientRect()
        return upper + height / 2
      })
      const own = (order ?? ids).indexOf(id)
      const to = middles.filter((middle, i) => i !== own && middle < clientY).length
      if (to === own) return
      order = moveTo(id, to)
      setDragged(order)
    }
    const end = () => {
      window.removeEventListener('pointermove', over)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
      if (order) keep(name, order)
      setDragged(null)
    }
    window.addEventListener('pointermove', over)
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
  }
  return (
    <div className="map-legends" data-map-control="">
      <div ref={parts} className="legend-card" role="group" aria-label="Legend">
        {owners.map((layer, place) => {
          const kin = top.filter(({ id, tiled }) => id !== layer.id && shareKey(tiled) === shareKey(layer.tiled))
          return (
            <LegendCard
              key={layer.id}
              layer={layer}
              depth={layer.tiled.depth ? formatDepth(layer.tiled.depth) : undefined}
              range={layers.find(({ id }) => id === layer.id)?.style.range ?? { mode: 'quantity' }}
              onRange={(range) => editRange(layer, range)}
              chain={
                kin.length > 0
                  ? {
                      isWhole: layer.look.isLinked,
                      with: kin.map(({ name }) => name).join(', '),
                      onChange: (isWhole) => setLinked(layer, isWhole),
                    }
                  : null
              }
              onMove={
                owners.length > 1
                  ? (by) => {
                      const to = place + by
                      if (to >= 0 && to < owners.length) keep(layer.name, moveTo(layer.id, to))
                    }
                  : null
              }
              onGrab={() => grab(layer)}
              sharedWith={top.filter((other) => other !== layer && isSame(other, layer)).map(({ name }) => name)}
              difference={difference ?? undefined}
            />
          )
        })}
      </div>
    </div>
  )
}

/** One legend tells of both. */
const isSame = (a: DrawnLayer, b: DrawnLayer) =>
  shareKey(a.tiled) === shareKey(b.tiled) &&
  a.look.isLinked &&
  b.look.isLinked &&
  a.look.ramp === b.look.ramp &&
  a.look.range[0] === b.look.range[0] &&
  a.look.range[1] === b.look.range[1]

/** Those that were put in an order first and in it, then the others. */
function inOrder(layers: readonly DrawnLayer[], order: readonly string[]): DrawnLayer[] {
  const placeOf = ({ id }: DrawnLayer) => (order.includes(id) ? order.indexOf(id) : order.length)
  return layers.toSorted((a, b) => placeOf(a) - placeOf(b))
}
