import { useSession } from '../state/session.ts'
import { usePointer } from '../state/pointer.ts'
import { useWorkspaceStore } from '../state/workspace.ts'
import { formatCount, formatSignificant, formatUnit } from '../widgets/format.ts'

/** Coordinates, value and scale at the left of the status bar. */
export function PointerReadout() {
  const { at, readings, scale } = usePointer()
  const crs = useWorkspaceStore((state) => state.document.crs)
  const readoutCrs = useSession((state) => state.readoutCrs)
  const shown = useShownCoordinates(at, crs, readoutCrs)
  const top = readings[0]
  return (
    <>
      <span>{shown}</span>
      {top && (
        <span>
          {top.name}{' '}
          {top.value === null ? (top.reason ?? 'no value') : `${formatSignificant(top.value)} ${formatUnit(top.unit)}`}
        </span>
      )}
      {scale !== null && <span>1 : {formatCount(scale)}</span>}
    </>
  )
}

function useShownCoordinates(
  at: { readonly x: number; readonly y: number } | null,
  crs: string | null,
  readoutCrs: string | null,
): string {
  if (!crs) return 'no map yet'
  if (!at) return readoutCrs ?? crs
  return `${formatSignificant(at.x, 8)}  ${formatSignificant(at.y, 8)} · ${crs}`
}
