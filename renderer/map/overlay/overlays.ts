import type { Grid } from '../../../main/contract/index.ts'
import type { Bounds } from '../view/camera.ts'

export type Colour = readonly [number, number, number, number]

/** Lines, areas and points over the data, in the map's CRS: folds, areas, footprints of datasets. */
export interface Overlay {
  readonly id: string
  readonly polygons: readonly {
    readonly ring: readonly (readonly [number, number])[]
    readonly fill: Colour | null
    readonly stroke: Colour | null
    readonly width?: number
    readonly label?: string
  }[]
  readonly points: readonly {
    readonly x: number
    readonly y: number
    readonly fill: Colour
    /** Pixels. */
    readonly radius: number
    readonly label?: string
  }[]
}

export interface StationMark {
  readonly set: string
  readonly id: string
  readonly name: string
  /** In the map's CRS. */
  readonly x: number
  readonly y: number
  /** Calibration stations are hollow, validation stations solid, unused ones small. */
  readonly use: 'validation' | 'calibration' | 'unused'
  /** By value or score; null: the text colour. */
  readonly colour: readonly [number, number, number] | null
  /** Outside of what a filter leaves. */
  readonly isFaint?: boolean
  /** Such as the value, shown behind the name. */
  readonly words?: string
}

export interface Pin {
  readonly name: string
  readonly x: number
  readonly y: number
}

/** Grids whose outlines are drawn, the coarsest with the widest line; in the map's CRS. */
export interface GridOutline {
  readonly id: string
  readonly name: string
  readonly grid: Grid
}

/** The station under a pixel, by distance on the screen; the nearest within `reach` pixels. */
export function stationNear(
  stations: readonly StationMark[],
  { x, y }: { x: number; y: number },
  unitsPerPixel: number,
  reach = 9,
): StationMark | null {
  let best: StationMark | null = null
  let least = reach * unitsPerPixel
  for (const station of stations) {
    const distance = Math.hypot(station.x - x, station.y - y)
    if (distance > least) continue
    best = station
    least = distance
  }
  return best
}

export const ringOf = ({ west, south, east, north }: Bounds): [number, number][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
]

/** Lines of a grid's cells within a view; none when cells are smaller than `leastPixels`. */
export function cellLines(grid: Grid, view: Bounds, pixelsPerUnit: number, leastPixels = 14): [number, number][][] {
  const [west, width, , north, , height] = grid.transform
  if (Math.min(width, -height) * pixelsPerUnit < leastPixels) return []
  const fromCol = Math.max(0, Math.floor((view.west - west) / width))
  const toCol = Math.min(grid.cols, Math.ceil((view.east - west) / width))
  const fromRow = Math.max(0, Math.floor((view.north - north) / height))
  const toRow = Math.min(grid.rows, Math.ceil((view.south - north) / height))
  const lines: [number, number][][] = []
  for (let col = fromCol; col <= toCol; col++)
    lines.push([
      [west + col * width, north + fromRow * height],
      [west + col * width, north + toRow * height],
    ])
  for (let row = fromRow; row <= toRow; row++)
    lines.push([
      [west + fromCol * width, north + row * height],
      [west + toCol * width, north + row * height],
    ])
  return lines
}
