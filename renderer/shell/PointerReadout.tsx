import { useMemo } from 'react'
import { useCrs } from '../api/crs.ts'
import { coordinateWords } from '../map/MapFurniture.tsx'
import { useMapReadings } from '../map/readings.ts'
import { converterBetween } from '../map/base/projection.ts'
import { usePointer } from '../state/pointer.ts'
import { useSession } from '../state/session.ts'
import { formatCount, formatReading, formatUnit } from '../widgets/format.ts'

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
          {top.value === null
            ? (top.reason ?? 'no value')
            : `${formatReading(top.value, top.unit)} ${formatUnit(top.unit)}`}
        </span>
      )}
      {scale !== null && <span className="number-words">1 : {formatCount(scale)}</span>}
    </>
  )
}

/** The place under the pointer, in the map's CRS or in the one the settings ask for. */
function useCoordinates(): string {
  const { at, crs } = usePointer()
  const asked = useSession((state) => state.readoutCrs)
  const view = useMapReadings((state) => state.view)
  const isPlaced = view !== null && crs !== null
  // Rounded to whole 100 km or degrees, so that it is asked once and not with each step of the camera.
  const round = (value: number) => (Math.abs(value) < 400 ? Math.round(value) : Math.round(value / 1e5) * 1e5)
  const x = view ? round((view.west + view.east) / 2) : 0
  const y = view ? round((view.south + view.north) / 2) : 0
  const near = useMemo(() => (isPlaced ? { x, y, of: crs } : null), [isPlaced, x, y, crs])
  const own = useCrs(crs, near)
  const other = useCrs(asked, near)
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
  const [second, first] = place
  if (!isGeographic) return `${coordinateWords(place)} · ${name}`
  return `N ${first.toFixed(5)}  E ${second.toFixed(5)} · ${name}`
}
