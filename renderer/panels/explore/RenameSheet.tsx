import { useState } from 'react'
import type { MapLayer } from '../../../main/contract/index.ts'
import { editLayer } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { TextField } from '../../widgets/fields.tsx'

export function RenameSheet({ layer, onClose }: { readonly layer: MapLayer; readonly onClose: () => void }) {
  const [name, setName] = useState(layer.name)
  const rename = () => {
    if (!name.trim()) return
    editLayer(`Rename ${layer.name}`, layer.id, (old) => ({ ...old, name: name.trim() }))
    onClose()
  }
  return (
    <Sheet
      title="Rename layer"
      isOpen
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" isDisabled={!name.trim()} onPress={rename}>
            Rename
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} autoFocus onEnter={rename} />
    </Sheet>
  )
}
