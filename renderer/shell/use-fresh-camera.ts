import { useEffect } from 'react'
import { useHello } from '../api/hello.ts'
import { session } from '../state/session.ts'

/** Project and CRS the camera belongs to. */
let looksAt: string | null = null

/** A view of one project, or in one CRS, means nothing in another: the map then begins anew with everything. */
export function useFreshCamera(crs: string | null): void {
  const path = useHello().data?.project?.path ?? null
  useEffect(() => {
    if (path === null || crs === null) return
    const next = `${path}\n${crs}`
    if (looksAt !== null && looksAt !== next) session().set({ camera: null })
    looksAt = next
  }, [path, crs])
}
