import { useEffect } from 'react'
import { setOverlay } from '../map/map-extras.ts'
import { useWorkspaceStore } from '../state/workspace.ts'
import { formatNumber } from '../widgets/format.ts'

/** Observations logged in the field, as points with their value. */
export function useNoteMarks(): void {
  const notes = useWorkspaceStore((state) => state.document.notes)
  useEffect(() => {
    const points = notes.map(({ x, y, value }) => ({
      x,
      y,
      fill: [200, 80, 20, 255] as const,
      radius: 6,
      label: value === null ? 'note' : formatNumber(value),
    }))
    setOverlay('notes', points.length > 0 ? { id: 'notes', polygons: [], points } : null)
    return () => setOverlay('notes', null)
  }, [notes])
}
