import type { FieldCheck } from '../../../../main/contract/index.ts'
import { ErrorStrip, Strip } from '../../../widgets/PanelState.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { counted, inWindowWords } from '../words.ts'
import type { useFieldCheck } from './use-field-check.ts'

/** Unit, dates and lineage of a field in the making, or what keeps it from being one. */
export function FieldFacts({ check }: { readonly check: ReturnType<typeof useFieldCheck>['check'] }) {
  return (
    <>
      {check.error && <ErrorStrip fault={check.error} onRetry={() => void check.refetch()} />}
      {check.data?.faults.map(({ path, message }) => (
        <Strip key={`${path} ${message}`} tone="bad">
          {inWindowWords(message)}
        </Strip>
      ))}
      {check.data?.field && !check.isPlaceholderData && <Facts field={check.data.field} />}
    </>
  )
}

function Facts({ field: { unit, times, lineage } }: { readonly field: NonNullable<FieldCheck['field']> }) {
  return (
    <>
      <dl className="facts">
        <dt>Unit</dt>
        <dd>{formatUnit(unit) || (unit === '1' ? 'none, a ratio' : 'not known')}</dd>
        <dt>Dates</dt>
        <dd>
          {typeof times === 'string'
            ? { static: 'static', any: 'every date' }[times]
            : `${counted(times.length, 'day')}, ${times[0]} … ${times.at(-1)}`}
        </dd>
      </dl>
      <p className="derive-lineage">{lineage}</p>
    </>
  )
}
