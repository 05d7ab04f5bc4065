import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'

interface CommitFieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  readonly isAssumed?: boolean
  readonly onCommit: (text: string) => void
}

/** A text that counts when it is left or Enter is pressed: each change has the product understood anew. Esc brings the former
 *  text back. */
export function CommitField({ label, value, placeholder, isAssumed, onCommit }: CommitFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const commit = () => {
    if (typed !== null && typed !== value) onCommit(typed.trim())
    setTyped(null)
  }
  return (
    <TextField
      className={`field${isAssumed ? ' is-assumed' : ''}`}
      value={typed ?? value}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        else if (event.key === 'Escape' && typed !== null) {
          setTyped(null)
          event.stopPropagation()
        } else event.continuePropagation()
      }}
    >
      <Label className="visually-hidden">{label}</Label>
      <Input className="input" placeholder={placeholder} />
    </TextField>
  )
}
