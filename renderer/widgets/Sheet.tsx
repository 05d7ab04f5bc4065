import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './Button.tsx'
import './sheet.css'

interface SheetProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly size?: 'small' | 'medium' | 'large'
  readonly children: ReactNode
  /** Buttons, the primary one last. */
  readonly footer?: ReactNode
}

/** A sheet above the window for one piece of work; Esc closes it. Long tasks go on in the task list, never in here. */
export function Sheet({ title, isOpen, onClose, size = 'medium', children, footer }: SheetProps) {
  return (
    <ModalOverlay className="sheet-overlay" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={`sheet sheet-${size}`}>
        <Dialog className="sheet-dialog">
          <header className="sheet-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="close" label="Close" keys="Esc" onPress={onClose} />
          </header>
          <div className="sheet-body">{children}</div>
          {footer && <footer className="sheet-foot">{footer}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
