import { useMemo } from 'react'
import { isDay } from '../../main/contract/index.ts'
import { session } from '../state/session.ts'
import { useWorkspaceStore } from '../state/workspace.ts'

interface Findable {
  readonly id: string
  readonly sign: '#' | '@' | ':' | '!'
  readonly title: string
  readonly note: string
  readonly run: () => void
}

/** What the palette finds besides commands, for the text typed so far. */
export function useFindable(text: string): Findable[] {
  const layers = useWorkspaceStore((state) => state.document.layers)
  return useMemo(() => {
    const ofLayers = layers.map(
      ({ id, name }): Findable => ({
        id: `# ${id}`,
        sign: '#',
        title: name,
        note: 'layer',
        run: () => session().set({ place: 'explore', selection: { kind: 'layer', layer: id } }),
      }),
    )
    const day = text.replace(/^:/, '').trim()
    const ofDate: Findable[] = isDay(day)
      ? [{ id: ': day', sign: ':', title: `Go to ${day}`, note: 'date', run: () => session().set({ day }) }]
      : []
    return [...ofDate, ...ofLayers]
  }, [layers, text])
}
