import { create } from 'zustand'
import { shownKeys, useAllCommands } from '../state/commands.ts'
import { Sheet } from '../widgets/Sheet.tsx'
import './shortcuts.css'

const useOpen = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }))
export const openShortcuts = () => useOpen.setState({ isOpen: true })

/** All keys, from the command table. */
export function ShortcutsSheet() {
  const isOpen = useOpen((state) => state.isOpen)
  const commands = useAllCommands().filter(({ keys }) => keys && keys.length > 0)
  const groups = [...new Set(commands.map(({ group }) => group))]
  return (
    <Sheet title="All keys" isOpen={isOpen} size="large" onClose={() => useOpen.setState({ isOpen: false })}>
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map(({ id, title, keys }) => (
                  <div key={id}>
                    <dt>{title}</dt>
                    <dd>
                      {keys?.map((each) => (
                        <kbd key={each}>{shownKeys(each)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <p className="text-2">
          Single letters work while the map or the time bar has the focus. In a browser tab, Alt replaces Ctrl where the
          browser keeps a key for itself.
        </p>
      </div>
    </Sheet>
  )
}
