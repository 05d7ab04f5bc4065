import type { ReactNode } from 'react'

/** Something wide that scrolls sideways, also by keyboard. */
export function Scrolling({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keyboard
    <div className="run-scrolling" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
