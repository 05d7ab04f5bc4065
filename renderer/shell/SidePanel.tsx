import type { ComponentType } from 'react'
import { runCommand } from '../state/commands.ts'
import { session, usualPanels, useSession } from '../state/session.ts'
import { Boundary } from '../widgets/Boundary.tsx'
import { IconButton } from '../widgets/Button.tsx'
import { Splitter } from '../widgets/Splitter.tsx'
import { useIsDrawer } from './drawer.ts'

const limits = { left: { min: 220, max: 420 }, right: { min: 280, max: 480 } }

/** The left or right panel with its splitter; nothing when it is folded or the place has none. */
export function SidePanel({
  side,
  Content,
}: {
  readonly side: 'left' | 'right'
  readonly Content: ComponentType | null
}) {
  const size = useSession(({ panels }) => panels[side])
  const isOpen = useSession(({ panels }) => (side === 'left' ? panels.isLeftOpen : panels.isRightOpen))
  const isDrawer = useIsDrawer() && side === 'right'
  if (!Content || !isOpen) return null
  const resize = (next: number) => session().set({ panels: { ...session().panels, [side]: next } })
  const splitter = (
    <Splitter
      label={`Width of the ${side} panel`}
      panel={side}
      size={size}
      {...limits[side]}
      onResize={resize}
      onReset={() => resize(usualPanels[side])}
    />
  )
  return (
    <aside
      className={`side-panel side-panel-${side}${isDrawer ? ' is-drawer' : ''}`}
      style={{ width: size }}
      aria-label={side === 'left' ? 'Left panel' : 'Right panel'}
      data-region={side}
    >
      {side === 'right' && splitter}
      <div className="side-panel-body">
        <Boundary key={Content.name} name={`the ${side} panel`}>
          <Content />
        </Boundary>
      </div>
      {isDrawer && (
        <span className="drawer-close">
          <IconButton
            icon="chevronRight"
            label="Close the right panel"
            keys="Esc"
            onPress={() => runCommand('panel.right.close')}
          />
        </span>
      )}
      {side === 'left' && splitter}
    </aside>
  )
}
