import { useState } from 'react'
import { create } from 'zustand'
import { useHello } from '../api/hello.ts'
import { useSession } from '../state/session.ts'
import type { Session } from '../state/session.ts'
import { Sheet } from '../widgets/Sheet.tsx'
import { Select, Switch, TextField } from '../widgets/fields.tsx'
import { formatBytes } from '../widgets/format.ts'

const useOpen = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }))
export const openSettings = () => useOpen.setState({ isOpen: true })

/** One searchable sheet of what belongs to this machine, not to a project. */
export function SettingsSheet() {
  const isOpen = useOpen((state) => state.isOpen)
  return (
    <Sheet title="Settings" isOpen={isOpen} size="small" onClose={() => useOpen.setState({ isOpen: false })}>
      <Settings />
    </Sheet>
  )
}

function BaseMapFields({ baseMap, set }: Pick<Session, 'baseMap' | 'set'>) {
  return (
    <div className="form">
      <Switch isSelected={baseMap.isShown} onChange={(isShown) => set({ baseMap: { ...baseMap, isShown } })}>
        Base map: land, coasts and borders below the data
      </Switch>
      <Select
        label="Lines over the map"
        value={baseMap.graticule}
        onChange={(graticule: Session['baseMap']['graticule']) => set({ baseMap: { ...baseMap, graticule } })}
        choices={[
          { id: 'none', name: 'None' },
          { id: 'degrees', name: 'Degrees' },
          { id: 'map', name: 'Coordinates of the map' },
        ]}
      />
    </div>
  )
}

function Settings() {
  const [text, setText] = useState('')
  const { theme, hasLetterKeys, readoutCrs, baseMap, set } = useSession()
  const hello = useHello().data
  const rows = [
    {
      words: 'appearance theme dark light',
      row: (
        <Select
          label="Appearance"
          value={theme}
          onChange={(next: Session['theme']) => set({ theme: next })}
          choices={[
            { id: 'system', name: 'As the system' },
            { id: 'light', name: 'Light' },
            { id: 'dark', name: 'Dark' },
          ]}
        />
      ),
    },
    {
      words: 'base map land borders graticule grid degrees coordinates',
      row: <BaseMapFields baseMap={baseMap} set={set} />,
    },
    {
      words: 'keyboard single letters keys',
      row: (
        <Switch isSelected={hasLetterKeys} onChange={(next) => set({ hasLetterKeys: next })}>
          Single-letter keys while the map or the time bar has the focus
        </Switch>
      ),
    },
    {
      words: 'coordinates crs epsg status',
      row: (
        <TextField
          label="Coordinates in the status line"
          value={readoutCrs ?? ''}
          placeholder="CRS of the project"
          hint="An EPSG code such as EPSG:4326. Empty: the project's own."
          onChange={(next) => set({ readoutCrs: next.trim() || null })}
        />
      ),
    },
    {
      words: 'privacy network',
      row: (
        <div>
          <h3>Privacy</h3>
          <p className="text-2">Loam makes no network request.</p>
        </div>
      ),
    },
    {
      words: 'machine cores memory version',
      row: (
        <div>
          <h3>This machine</h3>
          <p className="text-2">
            {hello && `Loam ${hello.version}, ${hello.cores} cores, ${formatBytes(hello.memoryBytes)} of memory. `}
            Each run asks how much of them it may use.
          </p>
        </div>
      ),
    },
  ]
  const shown = rows.filter(({ words }) => words.includes(text.trim().toLowerCase()))
  return (
    <div className="form">
      <TextField label="Search settings" value={text} onChange={setText} autoFocus />
      {shown.map(({ words, row }) => (
        <div key={words}>{row}</div>
      ))}
      {shown.length === 0 && <p className="text-2">No setting has that name.</p>}
    </div>
  )
}
