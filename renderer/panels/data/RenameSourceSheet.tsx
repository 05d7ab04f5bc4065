import { useState } from 'react'
import { endpoints } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { say, sayFault } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { workspaceSaved } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { ErrorStrip } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { TextField } from '../../widgets/fields.tsx'

/** Another name for a dataset, in everything that names it. */
export function RenameSourceSheet({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const [to, setTo] = useState(name)
  const [fault, setFault] = useState<unknown>(null)
  const rename = async () => {
    try {
      await renameDataset(name, to.trim())
      say('good', `${name} is called ${to.trim()} now.`, {
        title: 'Undo',
        run: () => void renameDataset(to.trim(), name).catch(sayFault),
      })
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
        <TextField
          label="Name"
          value={to}
          onChange={setTo}
          autoFocus
          onEnter={() => to.trim() !== '' && to.trim() !== name && void rename()}
          hint="Recipe and layers that name it follow. Runs keep the name they were made with."
        />
        {fault !== null && <ErrorStrip fault={fault} />}
      </div>
    </Sheet>
  )
}

/** Edits that are on their way still name it as it was, so they go first. */
async function renameDataset(name: string, to: string): Promise<void> {
  await workspaceSaved()
  const { selection, set } = session()
  // The card asks for the dataset by its name.
  set({ selection: { kind: 'none' } })
  try {
    await call(endpoints.renameDataset, { params: { name }, body: { to } })
  } catch (thrown) {
    set({ selection })
    throw thrown
  }
  await queryClient.invalidateQueries({ queryKey: ['datasets'] })
  set({ selection: { kind: 'dataset', name: to } })
}
