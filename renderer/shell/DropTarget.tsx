import { useEffect, useRef, useState } from 'react'
import { useHello } from '../api/hello.ts'
import { importDropped, importPaths } from '../panels/data/import/begin-import.ts'
import { droppedFiles, droppedPaths } from '../panels/data/import/dropped-files.ts'
import type { DroppedFile } from '../panels/data/import/dropped-files.ts'
import { say } from '../state/notices.ts'
import { openProject, startNewProject } from './project-actions.ts'

type Dropped = { readonly paths: readonly string[] } | { readonly files: readonly DroppedFile[] }

/** Files and folders dropped anywhere: a project file is opened, anything else is imported. Without a project one is made first. */
export function DropTarget() {
  const [isOver, setOver] = useState(false)
  /** Dropped before there was a project to take it. */
  const waiting = useRef<Dropped | null>(null)
  const project = useHello().data?.project ?? null
  const path = project?.path ?? null
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
      const found = paths ? Promise.resolve({ paths }) : droppedFiles(event.dataTransfer).then((files) => ({ files }))
      void found.then((dropped) => {
        const projectFile = 'paths' in dropped && dropped.paths.find((each) => each.endsWith('.loam'))
        if (projectFile) return openProject(projectFile)
        if ('files' in dropped && dropped.files.length === 1 && dropped.files[0].path.endsWith('.loam'))
          return say(
            'info',
            'A browser does not tell where a dropped project lies. Open it with Open project (Ctrl+O).',
          )
        if (isReadOnly) return say('warn', 'This project is open for viewing only. Open it for writing to add data.')
        if (path !== null) return take(dropped)
        waiting.current = dropped
        return startNewProject()
      })
    }
    const listeners = { dragenter: enter, dragover: over, dragleave: leave, drop }
    for (const [type, listener] of Object.entries(listeners)) window.addEventListener(type, listener as EventListener)
    return () => {
      for (const [type, listener] of Object.entries(listeners))
        window.removeEventListener(type, listener as EventListener)
    }
  }, [path, isReadOnly])

  useEffect(() => {
    if (path === null || waiting.current === null) return
    void take(waiting.current)
    waiting.current = null
  }, [path])

  if (!isOver) return null
  return (
    <div className="drop-veil" role="status">
      {path === null ? 'Drop files here to start a project' : 'Drop files or folders to add them'}
    </div>
  )
}

const take = (dropped: Dropped) => ('paths' in dropped ? importPaths(dropped.paths) : importDropped(dropped.files))
