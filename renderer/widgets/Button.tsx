import type { ReactNode } from 'react'
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components'
import type { ButtonProps as AriaButtonProps } from 'react-aria-components'
import { Icon } from './Icon.tsx'
import type { IconName } from './Icon.tsx'
import './button.css'

interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
  /** `primary` once in a view: the action the view is for. */
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger'
  readonly icon?: IconName
  readonly children: ReactNode
}

/** A button that says the object: "Add 4 datasets", not "OK". */
export function Button({ look = 'plain', icon, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`button button-${look}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </AriaButton>
  )
}

interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
  readonly icon: IconName
  /** What it does; shown as the tooltip and read by screen readers. */
  readonly label: string
  /** Shown behind the label. */
  readonly keys?: string
  readonly isActive?: boolean
}

/** A button of an icon only, with its name on hover and focus. */
export function IconButton({ icon, label, keys, isActive, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton
        {...rest}
        className={`icon-button${isActive ? ' is-active' : ''}`}
        aria-label={label}
        {...(isActive === undefined ? {} : { 'aria-pressed': isActive })}
      >
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className="tooltip" offset={4}>
        {label}
        {keys && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  )
}
