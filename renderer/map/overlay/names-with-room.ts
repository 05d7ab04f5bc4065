import type { StationMark } from './overlays.ts'

/** Pixels: a name begins beside its mark, and is about so high, and so wide for each letter. */
const beside = 7
const height = 18
const perLetter = 7
const plate = 8
/** Of the mark. */
const radius = 7

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const overlaps = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

export const nameOf = ({ name, words }: Pick<StationMark, 'name' | 'words'>) => (words ? `${name} · ${words}` : name)

/** Stations whose names lie neither on another name nor on another station's mark: one after the other, the first come first. The
 *  same at every place of a view of one scale, so that names do not come and go while the map is moved.
 *  @param first takes its room before the others
 *  @param pixelsPerUnit of the CRS the stations are in */
export function namesWithRoom(
  stations: readonly StationMark[],
  pixelsPerUnit: number,
  first: StationMark | null = null,
): StationMark[] {
  const at = ({ x, y }: StationMark) => ({ x: x * pixelsPerUnit, y: -y * pixelsPerUnit })
  const marks = stations.map((station): Box => {
    const { x, y } = at(station)
    return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
  })
  const taken: Box[] = []
  const ordered = first ? [first, ...stations.filter((each) => each !== first)] : stations
  return ordered.filter((station) => {
    const { x, y } = at(station)
    const left = x + beside
    const box = {
      left,
      right: left + plate + perLetter * nameOf(station).length,
      top: y - height / 2,
      bottom: y + height / 2,
    }
    const isFree =
      !taken.some((other) => overlaps(box, other)) &&
      !marks.some((mark, i) => stations[i] !== station && overlaps(box, mark))
    if (!isFree && station !== first) return false
    taken.push(box)
    return true
  })
}
