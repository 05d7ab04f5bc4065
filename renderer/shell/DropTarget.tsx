import { useEffect, useState } from 'react'
import { useHello } from '../api/hello.ts'
import { droppedItems, droppedPaths } from '../panels/data/import/dropped-files.ts'
import { say, sayFault } from '../state/notices.ts'
import { listenTo } from '../widgets/listen.ts'
import { asProject, takeDrop } from './dropped.ts'
import type { Drop } from './dropped.ts'
import { openDroppedProject, openProject, startNewProject } from './project-actions.ts'

/** Files and folders dropped anywhere: a project file is opened, anything else is imported. Without a project one is made first. */
export function DropTarget() {
  const [isOver, setOver] = useState(false)
  const project = useHello().data?.project ?? null
  const isOpen = project !== null
  const isReadOnly = project?.mode === 'read'

  useEffect(() => {
    let inside = 0
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      inside++
      setOver(true)
    }
    const over = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return
      // Without this the browser would leave the page for the file.
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const leave = () => {
      inside = Math.max(0, inside - 1)
      if (inside === 0) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      inside = 0
      setOver(false)
      const paths = droppedPaths(event.dataTransfer)
      const dropped: Drop = paths ? { paths } : { items: droppedItems(event.dataTransfer) }
      const found = asProject(dropped)
      if (found) {
        void (typeof found === 'string' ? openProject(found) : openDroppedProject(found))
        return
      }
      if (isReadOnly) say('warn', 'This project is open for viewing only. Open it for writing to add data.')
      else if (isOpen) void takeDrop(dropped).catch(sayFault)
      else startNewProject(dropped)
    }
    return listenTo(window, { dragenter: enter, dragover: over, dragleave: leave, drop })
  }, [isOpen, isReadOnly])

  if (!isOver) return null
  return (
    <div className="drop-veil" role="status">
      {isOpen ? 'Drop files or folders to add them' : 'Drop files here to start a project'}
    </div>
  )
}
