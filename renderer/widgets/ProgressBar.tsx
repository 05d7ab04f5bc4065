import { ProgressBar as AriaProgressBar } from 'react-aria-components'
import './progress-bar.css'

interface ProgressBarProps {
  readonly label: string
  /** 0 to 1; null while nobody can know. */
  readonly value: number | null
  /** What stands behind the bar: "223 of 365 days · ready 15:58–16:06". */
  readonly text?: string
  readonly tone?: 'accent' | 'good' | 'warn' | 'bad'
}

export function ProgressBar({ label, value, text, tone = 'accent' }: ProgressBarProps) {
  return (
    <AriaProgressBar
      className={`progress progress-${tone}`}
      aria-label={label}
      value={(value ?? 0) * 100}
      isIndeterminate={value === null}
      valueLabel={text}
    >
      <svg className="progress-track" width="100%" height="6" aria-hidden="true">
        <rect className="progress-rest" width="100%" height="6" rx="3" />
        <rect className="progress-fill" width={`${(value ?? 0.3) * 100}%`} height="6" rx="3" />
      </svg>
      {text && <span className="progress-text">{text}</span>}
    </AriaProgressBar>
  )
}
