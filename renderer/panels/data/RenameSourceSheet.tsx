import { useState } from 'react'
import { endpoints } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { ErrorStrip } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { TextField } from '../../widgets/fields.tsx'

/** Another name for a dataset that nothing names yet. */
export function RenameSourceSheet({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const [to, setTo] = useState(name)
  const [fault, setFault] = useState<unknown>(null)
  const rename = async () => {
    try {
      await call(endpoints.renameDataset, { params: { name }, body: { to: to.trim() } })
      await queryClient.invalidateQueries({ queryKey: ['datasets'] })
      session().set({ selection: { kind: 'dataset', name: to.trim() } })
      onClose()
    } catch (thrown) {
      setFault(thrown)
    }
  }
  return (
    <Sheet
      title={`Rename ${name}`}
      isOpen
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" isDisabled={to.trim() === '' || to.trim() === name} onPress={() => void rename()}>
            Rename dataset
          </Button>
        </>
      }
    >
      <div className="form">
        <TextField label="Name" value={to} onChange={setTo} autoFocus onEnter={() => void rename()} />
        {fault !== null && <ErrorStrip fault={fault} />}
      </div>
    </Sheet>
  )
}
