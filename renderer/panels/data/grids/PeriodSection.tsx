import { useState } from 'react'
import { isDay } from '../../../../main/contract/index.ts'
import type { Day, Workspace } from '../../../../main/contract/index.ts'
import { editWorkspace } from '../../../state/workspace.ts'
import { CommitField } from '../import/CommitField.tsx'

interface PeriodProps {
  readonly period: Workspace['period']
  readonly suggested: Workspace['period']
  readonly reason: string
}

/** First and last day of what is mapped. */
export function PeriodSection({ period, suggested, reason }: PeriodProps) {
  const [fault, setFault] = useState('')
  const shown = period ?? suggested
  const set = (change: { from?: Day; to?: Day }) => {
    if (!shown) return
    const next = { ...shown, ...change }
    setFault(next.from <= next.to ? '' : 'The first day has to come before the last.')
    if (next.from <= next.to) editWorkspace('Period', (document) => ({ ...document, period: next }), 'period')
  }
  if (!shown) return null
  return (
    <section className="panel-section">
      <h3>Period</h3>
      <div className="grid-sides">
        {(['from', 'to'] as const).map((end) => (
          <div key={end} className="field">
            <span className="field-label" aria-hidden="true">
              {end === 'from' ? 'First day' : 'Last day'}
            </span>
            <CommitField
              label={end === 'from' ? 'First day' : 'Last day'}
              value={shown[end]}
              isAssumed={period === null}
              onCommit={(text) => (isDay(text) ? set({ [end]: text }) : setFault('Write dates as YYYY-MM-DD.'))}
            />
          </div>
        ))}
      </div>
      {fault && (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      {period === null && reason && <p className="text-2">Suggested: {reason}</p>}
    </section>
  )
}
