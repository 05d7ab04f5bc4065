import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { endpoints } from '../../../main/contract/index.ts'
import type { TestOpening, TestPartState } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { sayFault } from '../../state/notices.ts'
import { Button } from '../../widgets/Button.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { ErrorStrip, Strip } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { TextField } from '../../widgets/fields.tsx'
import { formatCount } from '../../widgets/format.ts'
import { ScoreNote } from './ScoreNote.tsx'
import { ScoreTable } from './ScoreTable.tsx'
import './test-seal.css'

const leastReason = 10

/** The sealed test part of a run, where its split has one: a seal; once opened, when, by whom and why, and what was found. */
export function TestSeal({ run, unit }: { readonly run: string; readonly unit: string }) {
  const test = useQuery({
    queryKey: ['run', run, 'test'],
    queryFn: ({ signal }) => call(endpoints.runTestPart, { params: { run }, signal }),
  })
  if (test.error) return <ErrorStrip fault={test.error} onRetry={() => void test.refetch()} />
  if (!test.data) return null
  return (
    <section aria-label="Test part" className={`test-seal${test.data.opened ? '' : ' is-sealed'}`}>
      {test.data.opened ? (
        <Opened test={test.data} opened={test.data.opened} unit={unit} />
      ) : (
        <Sealed run={run} test={test.data} />
      )}
      {test.data.others.map((other) => (
        <Strip key={other.run} tone="warn">
          The same test part was opened {whenWords(other)} for run {other.run}: {other.reason} It is no longer unseen.
        </Strip>
      ))}
    </section>
  )
}

function Sealed({ run, test }: { readonly run: string; readonly test: TestPartState }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <div className="test-seal-head">
        <Icon name="lock" />
        <h2>Test part, sealed</h2>
        <Button onPress={() => setAsking(true)}>Open the test part …</Button>
      </div>
      <p className="text-2">
        {sentence(test.words)}
        {test.rows === null ? '' : ` · ${formatCount(test.rows)} rows`}. No fold, tuning, preview or score has used it.
      </p>
      <OpenSheet run={run} test={test} isOpen={isAsking} onClose={() => setAsking(false)} />
    </>
  )
}

interface OpenSheetProps {
  readonly run: string
  readonly test: TestPartState
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** It cannot be undone, so it asks. */
function OpenSheet({ run, test, isOpen, onClose }: OpenSheetProps) {
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const missing = leastReason - reason.trim().length
  const open = async (): Promise<void> => {
    setBusy(true)
    try {
      const state = await call(endpoints.openTestPart, { params: { run }, body: { reason } })
      queryClient.setQueryData(['run', run, 'test'], state)
      onClose()
    } catch (thrown) {
      sayFault(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet
      title="Open the test part"
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>Keep it sealed</Button>
          <Button look="primary" isDisabled={missing > 0 || isBusy} onPress={() => void open()}>
            Open it for good
          </Button>
        </>
      }
    >
      <p className="test-seal-warning">
        {sentence(test.words)}. Once opened it can no longer tell how well a changed recipe does. Who opened it, when
        and why stays in the project and stands on this page and in the report; undo does not take it back.
      </p>
      <TextField
        label="Reason"
        value={reason}
        onChange={setReason}
        isMultiline
        hint={missing > 0 ? `Say why in at least ${leastReason} letters.` : undefined}
      />
    </Sheet>
  )
}

function Opened({
  test,
  opened,
  unit,
}: {
  readonly test: TestPartState
  readonly opened: TestOpening
  readonly unit: string
}) {
  const names = [...new Set(test.scores.map(({ validation }) => validation))]
  return (
    <>
      <div className="test-seal-head">
        <Icon name="check" />
        <h2>Test part, opened {whenWords(opened)}</h2>
      </div>
      <p className="text-2">
        {sentence(test.words)}. Reason: {opened.reason}
      </p>
      {opened.verdicts.map((verdict) => (
        <p key={verdict}>{verdict}</p>
      ))}
      <ScoreNote unit={unit} />
      {names.map((name) => (
        <ScoreTable
          key={name}
          rows={test.scores.filter((row) => row.validation === name).map((row) => ({ ...row, part: 'overall' }))}
        />
      ))}
    </>
  )
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

function whenWords({ atMs, who }: TestOpening): string {
  return `${new Date(atMs).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })} by ${who}`
}
