import { useMemo } from 'react'
import { useDatasets } from '../../api/datasets.ts'
import { elevationOf } from '../../map/base/hillshade.ts'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { session, useSession } from '../../state/session.ts'
import type { Session } from '../../state/session.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import './base-map-row.css'

const change = (part: Partial<Session['baseMap']>) => session().set({ baseMap: { ...session().baseMap, ...part } })

const lines = [
  { id: 'none', title: 'No lines' },
  { id: 'degrees', title: 'Lines of degrees' },
  { id: 'map', title: "Lines of the map's coordinates" },
] as const

/** The base map below all layers: land and borders, and lines over the data. It belongs to this machine, not to the project. */
export function BaseMapRow() {
  const { isShown, graticule, hasShade } = useSession((state) => state.baseMap)
  const hasElevation = elevationOf(useDatasets().data ?? []) !== null
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'map.base',
          title: 'Base map: show or hide',
          keys: [],
          group: 'Map',
          run: () => change({ isShown: !session().baseMap.isShown }),
        },
        ...lines.map(
          ({ id, title }): Command => ({
            id: `map.lines.${id}`,
            title: `Base map: ${title.toLowerCase()}`,
            keys: [],
            group: 'Map',
            run: () => change({ graticule: id }),
          }),
        ),
      ],
      [],
    ),
  )
  return (
    <div className="layer-row base-map-row" role="group" aria-label="Base map">
      <IconButton
        icon={isShown ? 'eye' : 'eyeOff'}
        label={isShown ? 'Hide the base map' : 'Show the base map'}
        onPress={() => change({ isShown: !isShown })}
      />
      <span className={`layer-name${isShown ? '' : ' text-3'}`}>Base map</span>
      <MenuButton
        label="More about the base map"
        rows={[
          ...lines.map(({ id, title }) => ({
            id,
            title,
            ...(id === graticule ? { icon: 'check' as const } : {}),
            run: () => change({ graticule: id }),
          })),
          {
            id: 'shade',
            title: hasElevation ? 'Shade of the terrain' : 'Shade of the terrain: no elevation here',
            isDisabled: !hasElevation,
            startsGroup: true,
            ...(hasShade ? { icon: 'check' as const } : {}),
            run: () => change({ hasShade: !hasShade }),
          },
        ]}
      />
    </div>
  )
}
