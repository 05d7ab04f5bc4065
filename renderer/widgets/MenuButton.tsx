import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { Icon } from './Icon.tsx'
import type { IconName } from './Icon.tsx'
import './menu.css'

export interface MenuRow {
  readonly id: string
  readonly title: string
  readonly keys?: string
  readonly icon?: IconName
  readonly isDisabled?: boolean
  /** A line above this row. */
  readonly startsGroup?: boolean
  readonly run: () => void
}

interface MenuButtonProps {
  readonly label: string
  readonly icon?: IconName
  readonly rows: readonly MenuRow[]
  /** Text on the button; without it the button is an icon. */
  readonly text?: string
}

/** A button that opens a menu. */
export function MenuButton({ label, icon = 'more', rows, text }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <AriaButton className={text ? 'button button-quiet' : 'icon-button'} aria-label={label}>
        {text ? (
          <>
            <span>{text}</span>
            <Icon name="chevronDown" size={12} />
          </>
        ) : (
          <Icon name={icon} />
        )}
      </AriaButton>
      <Popover className="popover">
        <Menu className="menu" onAction={(id) => rows.find((row) => row.id === id)?.run()}>
          {rows.flatMap(({ id, title, keys, icon: rowIcon, isDisabled, startsGroup }) => [
            ...(startsGroup ? [<Separator key={`${id} line`} className="menu-line" />] : []),
            <MenuItem key={id} id={id} textValue={title} isDisabled={isDisabled} className="list-item menu-item">
              <span className="menu-icon">{rowIcon && <Icon name={rowIcon} />}</span>
              <span>{title}</span>
              {keys && <kbd>{keys}</kbd>}
            </MenuItem>,
          ])}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
