import type { ReactNode } from 'react'
import { LoamError, asLoamError } from '../../main/contract/index.ts'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import './panel-state.css'

/** A panel without content yet: one sentence that teaches, one action. */
export function EmptyState({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="empty-state">
      <p>{children}</p>
      {action}
    </div>
  )
}

/** Grey shapes of rows while something is read for the first time. */
export function LoadingRows({ rows = 4, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div className="loading-rows" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={`loading-row loading-row-${i % 3}`} />
      ))}
    </div>
  )
}

/** A thin line at the panel's upper edge while old content is shown and new is read. */
export function LoadingLine({ isShown, label }: { readonly isShown: boolean; readonly label: string }) {
  return isShown ? <div className="loading-line" role="progressbar" aria-label={label} /> : null
}

interface ErrorStripProps {
  readonly fault: unknown
  readonly onRetry?: () => void
  /** More ways out, beside Retry. */
  readonly children?: ReactNode
}

/** What was found, needed and to do, inside the panel it concerns. */
export function ErrorStrip({ fault, onRetry, children }: ErrorStripProps) {
  const error = fault instanceof LoamError ? fault : asLoamError(fault)
  const details = Object.keys(error.details).length > 0 ? JSON.stringify(error.details, null, 1) : ''
  return (
    <div className="strip strip-bad" role="alert">
      <Icon name="error" />
      <div className="strip-body">
        <p className="strip-text">{error.message}</p>
        {details && (
          <details>
            <summary>Details</summary>
            <pre>{`${error.code}\n${details}`}</pre>
          </details>
        )}
        <div className="strip-actions">
          {onRetry && <Button onPress={onRetry}>Retry</Button>}
          {children}
        </div>
      </div>
    </div>
  )
}

/** A remark with its effect and what can be chosen. */
export function Strip({
  tone,
  children,
  action,
}: {
  readonly tone: 'good' | 'warn' | 'bad' | 'info'
  readonly children: ReactNode
  readonly action?: ReactNode
}) {
  const icon = ({ good: 'check', warn: 'warning', bad: 'error', info: 'info' } as const)[tone]
  return (
    <div className={`strip strip-${tone}`} role="note">
      <Icon name={icon} />
      <div className="strip-body">
        <div className="strip-text">{children}</div>
        {action && <div className="strip-actions">{action}</div>}
      </div>
    </div>
  )
}

/** A short state in words with a mark, never by colour alone. */
export function Chip({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'good' | 'warn' | 'bad' | 'info'
  readonly children: ReactNode
}) {
  const icon = ({ plain: null, good: 'check', warn: 'warning', bad: 'error', info: 'info' } as const)[tone]
  return (
    <span className={`chip chip-${tone}`}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  )
}
