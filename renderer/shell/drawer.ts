import { useEffect, useMemo } from 'react'
import { useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { session, useSession } from '../state/session.ts'
import type { PlaceId, Selection } from '../state/session.ts'
import { useMedia } from '../widgets/use-media.ts'

/** Under 1200 px the right panel is a drawer above the stage. */
const isDrawer = '(max-width: 1199px)'

export const useIsDrawer = (): boolean => useMedia(isDrawer)

/** What each place tells of in its right panel: choosing it is asking for the panel. */
const toldOf: Partial<Record<PlaceId, readonly Selection['kind'][]>> = {
  data: ['dataset', 'stationSet', 'station'],
  explore: ['cell', 'station', 'layer'],
  validate: ['station'],
}

export function asksForRightPanel(place: PlaceId, { kind }: Selection): boolean {
  return toldOf[place]?.includes(kind) ?? false
}

/** The drawer opens when something is chosen that it tells of, and closes with Esc and when the place changes. */
export function useDrawer(): void {
  useEffect(() => {
    // A drawer would hide the map at the start.
    if (matchMedia(isDrawer).matches) setOpen(false)
    return useSession.subscribe((now, before) => {
      // What it told of is of the place before; a panel that was asked for together with the place stays.
      if (now.place !== before.place && now.panels === before.panels && matchMedia(isDrawer).matches) setOpen(false)
      // A new place comes with its own selection when Back is taken.
      const isChosen = now.selection !== before.selection && now.place === before.place
      if (isChosen && matchMedia(isDrawer).matches && asksForRightPanel(now.place, now.selection)) setOpen(true)
    })
  }, [])
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'panel.right.close',
          title: 'Close the right panel',
          keys: ['Escape'],
          group: 'View',
          unavailable: () =>
            session().panels.isRightOpen && matchMedia(isDrawer).matches ? null : 'nothing lies over the map',
          run: () => setOpen(false),
        },
      ],
      [],
    ),
  )
}

function setOpen(isRightOpen: boolean): void {
  const { panels, set } = session()
  if (panels.isRightOpen !== isRightOpen) set({ panels: { ...panels, isRightOpen } })
}
