import { useMemo, useState } from 'react'
import { Dialog, Input, ListBox, ListBoxItem, Modal, ModalOverlay, TextField } from 'react-aria-components'
import { Autocomplete, useFilter } from 'react-aria-components'
import { create } from 'zustand'
import { useHello } from '../api/hello.ts'
import { shownKeys, useAllCommands, useCommands } from '../state/commands.ts'
import type { Command } from '../state/commands.ts'
import { useFindable } from './findable.ts'
import './palette.css'

const usePalette = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }))
export const openPalette = () => usePalette.setState({ isOpen: true })

/** Search and commands: `#` layer or dataset, `@` station, `:` date, `!` run, `>` command. */
export function Palette() {
  const isOpen = usePalette((state) => state.isOpen)
  useCommands(paletteCommands)
  const close = () => usePalette.setState({ isOpen: false })
  return (
    <ModalOverlay
      className="sheet-overlay palette-overlay"
      isOpen={isOpen}
      onOpenChange={(open) => !open && close()}
      isDismissable
    >
      <Modal className="palette">
        <Dialog className="palette-dialog" aria-label="Search or run">
          <PaletteList onDone={close} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

const paletteCommands: Command[] = [
  { id: 'palette', title: 'Search or run a command', keys: ['Ctrl+K'], group: 'View', run: openPalette },
]

interface Entry {
  readonly id: string
  readonly sign: string
  readonly title: string
  readonly note: string
  readonly isOff: boolean
  readonly run: () => void
}

function PaletteList({ onDone }: { readonly onDone: () => void }) {
  const [text, setText] = useState('')
  const commands = useAllCommands()
  const hasProject = Boolean(useHello().data?.project)
  const findable = useFindable(text, hasProject)
  const { contains } = useFilter({ sensitivity: 'base' })
  const sign = /^[#@:!>]/.exec(text)?.[0] ?? ''
  const words = text.slice(sign.length).trim()
  const entries = useMemo(() => {
    const fromCommands = commands
      .filter(({ id }) => id !== 'palette')
      .map((command): Entry => {
        const reason = command.unavailable?.() ?? null
        const keys = command.keys?.[0] ? shownKeys(command.keys[0]) : ''
        return {
          id: `> ${command.id}`,
          sign: '>',
          title: command.title,
          note: reason ?? keys,
          isOff: reason !== null,
          run: command.run,
        }
      })
    return [...findable.map((each): Entry => ({ ...each, isOff: false })), ...fromCommands]
      .filter((entry) => sign === '' || entry.sign === sign)
      .filter(({ title, sign: own }) => own === ':' || words.split(/\s+/).every((word) => contains(title, word)))
      .slice(0, 200)
  }, [commands, findable, sign, words, contains])
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <TextField aria-label="Search or run" autoFocus>
        <Input
          className="palette-input"
          // Autocomplete gives aria-controls.
          // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props
          role="combobox"
          aria-expanded
          placeholder="# layer or dataset   @ station   : date   ! run   > command"
        />
      </TextField>
      <ListBox
        className="list-box palette-list"
        aria-label="Found"
        items={entries}
        onAction={(id) => {
          const entry = entries.find((each) => each.id === id)
          onDone()
          // After the sheet has given the focus back.
          setTimeout(() => entry?.run(), 0)
        }}
        renderEmptyState={() => <p className="palette-empty">Nothing has that name.</p>}
      >
        {(entry) => (
          <ListBoxItem
            id={entry.id}
            textValue={entry.title}
            isDisabled={entry.isOff}
            className="list-item palette-item"
          >
            <span className="palette-sign" aria-hidden="true">
              {entry.sign}
            </span>
            <span>{entry.title}</span>
            <span className="palette-note">{entry.note}</span>
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  )
}
