import { useEffect } from 'react'
import { isDay } from '../../../../main/contract/index.ts'
import type { Draft } from '../../../../main/contract/index.ts'
import { editDraft, partAt } from '../../../state/draft.ts'
import { useSession } from '../../../state/session.ts'
import { Button } from '../../../widgets/Button.tsx'
import { TextField } from '../../../widgets/fields.tsx'
import { useModel } from '../model-state.ts'
import { periodPath as path, sealPeriod } from './seal-period.ts'

/** The dates of the test part: typed, brushed on the split's calendar, or those brushed on the time bar. */
export function SealedPeriod({ draft, fault }: { readonly draft: Draft; readonly fault: string | null }) {
  const value = partAt(draft, path) as { from?: string; to?: string } | undefined
  const { from = '', to = '' } = value ?? {}
  const brushed = useSession((state) => state.period)
  const isBrushing = useModel((state) => state.isBrushingTest)
  useEffect(() => () => useModel.setState({ isBrushingTest: false }), [])
  const set = (part: 'from' | 'to', text: string) => {
    const next = { from, to, [part]: text.trim() }
    editDraft('Sealed period', path, next.from === '' && next.to === '' ? undefined : next)
  }
  const wrong = (text: string) => (text !== '' && !isDay(text) ? 'Write YYYY-MM-DD.' : null)
  const both = [
    ['from', 'From', from],
    ['to', 'To', to],
  ] as const
  return (
    <fieldset className="test-part-group">
      <legend>Period</legend>
      <div className="form-row">
        {both.map(([part, label, text]) => (
          <TextField
            key={part}
            label={label}
            value={text}
            placeholder="YYYY-MM-DD"
            fault={wrong(text)}
            onChange={(next) => set(part, next)}
          />
        ))}
      </div>
      <div className="test-part-buttons">
        <Button onPress={() => useModel.setState({ isBrushingTest: !isBrushing })}>
          {isBrushing ? 'Stop brushing' : 'Brush on the calendar'}
        </Button>
        {brushed && (
          <Button onPress={() => sealPeriod(brushed)}>{`Take ${brushed.from} to ${brushed.to} of the time bar`}</Button>
        )}
        {value && <Button onPress={() => sealPeriod(undefined)}>Seal no period</Button>}
      </div>
      {isBrushing && (
        <p className="text-2">
          Drag over days of the calendar below the map, or go there with Tab, hold Shift with the arrow keys and press
          Enter.
        </p>
      )}
      <p className="field-hint">First and last day included, sealed in all places.</p>
      {fault && <p className="field-fault">{fault}</p>}
    </fieldset>
  )
}
