import { useState } from 'react'
import { renameInWorkspace } from '../../../main/contract/index.ts'
import { editWorkspace, useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { TextField } from '../../widgets/fields.tsx'
import { fieldNameFault } from './derive/field-name.ts'
import { fieldsOf } from './derive/field-uses.ts'

/** Another name for a derived field, in everything that is made of it. */
export function RenameFieldSheet({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const fields = fieldsOf(useWorkspaceStore((state) => state.document))
  const [typed, setTyped] = useState(name)
  const to = typed.trim()
  const fault = fieldNameFault(to, to !== name && Object.hasOwn(fields, to))
  const canRename = fault === null && to !== name
  const rename = () => {
    if (!canRename) return
    editWorkspace(`Rename ${name} to ${to}`, (document) => renameInWorkspace(document, { of: 'field', from: name, to }))
    onClose()
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
          <Button look="primary" isDisabled={!canRename} onPress={rename}>
            Rename field
          </Button>
        </>
      }
    >
      <TextField label="Name" value={typed} onChange={setTyped} fault={fault} autoFocus onEnter={rename} />
    </Sheet>
  )
}
