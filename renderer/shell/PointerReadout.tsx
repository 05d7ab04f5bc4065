import { useMemo } from 'react'
import { useCrs } from '../api/crs.ts'
import { converterBetween } from '../map/base/projection.ts'
import { usePointer } from '../state/pointer.ts'
import { useSession } from '../state/session.ts'
import { formatCount, formatSignificant, formatUnit } from '../widgets/format.ts'

/** Coordinates, value and scale at the left of the status bar. */
export function PointerReadout() {
  const { readings, scale } = usePointer()
  const top = readings[0]
  return (
    <>
      <span>{useCoordinates()}</span>
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

/** The place under the pointer, in the map's CRS or in the one the settings ask for. */
function useCoordinates(): string {
  const { at, crs } = usePointer()
  const asked = useSession((state) => state.readoutCrs)
  const own = useCrs(crs)
  const other = useCrs(asked)
  const convert = useMemo(
    () => (own.data && other.data ? converterBetween(own.data, other.data) : null),
    [own.data, other.data],
  )
  if (!crs) return 'no map yet'
  const shown = convert ? asked : crs
  const name = other.error ? `${crs}; ${asked} is not known` : shown
  if (!at) return name ?? ''
  const place = convert ? convert([at.x, at.y]) : ([at.x, at.y] as const)
  const isGeographic = (convert ? other.data : own.data)?.isGeographic ?? false
  if (!place) return `outside ${asked}`
  const [first, second] = isGeographic ? [place[1], place[0]] : place
  const words = isGeographic ? ['N', 'E'] : ['E', 'N']
  const number = (value: number) =>
    isGeographic ? value.toFixed(5) : formatSignificant(Math.round(value * 10) / 10, 9)
  return `${words[0]} ${number(first)}  ${words[1]} ${number(second)} · ${name}`
}
