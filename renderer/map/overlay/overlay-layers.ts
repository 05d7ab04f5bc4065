import type { Layer } from '@deck.gl/core'
import { PathLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from '@deck.gl/layers'
import type { GraticuleLine } from '../base/graticule.ts'
import type { WorldOutline } from '../base/world-outline.ts'
import { gridBounds } from '../tiles/tile-grid.ts'
import type { Bounds } from '../view/camera.ts'
import type { MapColours } from '../view/map-colours.ts'
import { nameOf } from './names-with-room.ts'
import { cellLines, ringOf } from './overlays.ts'
import type { Colour, GridOutline, Overlay, Pin, StationMark } from './overlays.ts'

type Origin = { readonly x: number; readonly y: number }
type Point = readonly [number, number]
type Rgba = [number, number, number, number]

const rgba = (colour: Colour): Rgba => [...colour]
const moved = ({ x, y }: Origin, line: readonly Point[]): [number, number][] => line.map((p) => [p[0] - x, p[1] - y])

/** Letters are drawn once into a picture and kept by the name of the font, so a font that is still being loaded would never
 *  be seen: until it is there the system's stands in. */
let fontFamily = 'sans-serif'
void document.fonts.load('550 12px "Inter Variable"').then(() => (fontFamily = 'Inter Variable, sans-serif'))

function textLayer<T>(
  id: string,
  data: readonly T[],
  {
    colours,
    at,
    text,
    offset = [0, 0],
    anchor = 'middle',
    size = 11,
    hasPlate = true,
    ink,
  }: {
    colours: MapColours
    at: (datum: T) => [number, number]
    text: (datum: T) => string
    offset?: [number, number]
    anchor?: 'start' | 'middle' | 'end'
    size?: number
    /** A plate of the background's colour behind the letters. */
    hasPlate?: boolean
    ink?: (datum: T) => Rgba
  },
): Layer[] {
  // A picture of no letters has no size, which the graphics card refuses.
  if (data.length === 0) return []
  const layer = new TextLayer<T>({
    id,
    data,
    getPosition: at,
    getText: text,
    getSize: size,
    getColor: ink ?? rgba(colours.text),
    getTextAnchor: anchor,
    getAlignmentBaseline: 'center',
    getPixelOffset: offset,
    fontFamily,
    fontWeight: 550,
    characterSet: 'auto',
    // Letters drawn at twice their size stay crisp; distance fields are not at this size.
    fontSettings: { fontSize: 32, buffer: 4 },
    background: hasPlate,
    getBackgroundColor: rgba(colours.halo),
    backgroundPadding: [4, 1],
    backgroundBorderRadius: 4,
  })
  return [layer]
}

/** Land and borders, below the data. `outline` is projected once; the layers keep its buffers while it is the same object. */
export function baseLayers(outline: WorldOutline, origin: Origin, colours: MapColours): Layer[] {
  const key = `${origin.x} ${origin.y}`
  return [
    new SolidPolygonLayer<WorldOutline['land'][number]>({
      id: 'base-land',
      data: outline.land,
      getPolygon: (rings) => rings.map((ring) => moved(origin, ring)),
      getFillColor: rgba(colours.land),
      updateTriggers: { getPolygon: key, getFillColor: colours },
    }),
    new PathLayer<WorldOutline['coast'][number]>({
      id: 'base-coast',
      data: outline.coast,
      getPath: (line) => moved(origin, line),
      getColor: rgba(colours.coast),
      widthUnits: 'pixels',
      getWidth: 1,
      updateTriggers: { getPath: key, getColor: colours },
    }),
    new PathLayer<WorldOutline['borders'][number]>({
      id: 'base-borders',
      data: outline.borders,
      getPath: (line) => moved(origin, line),
      getColor: rgba(colours.border),
      widthUnits: 'pixels',
      getWidth: 1,
      updateTriggers: { getPath: key, getColor: colours },
    }),
  ]
}

export function graticuleLayers(lines: readonly GraticuleLine[], origin: Origin, colours: MapColours): Layer[] {
  return [
    new PathLayer<GraticuleLine>({
      id: 'graticule',
      data: lines,
      getPath: ({ points }) => moved(origin, points),
      getColor: rgba(colours.graticule),
      widthUnits: 'pixels',
      getWidth: 1,
    }),
  ]
}

/** The outline of a layer on a day it has no scene of. */
export function withoutSceneLayer(id: string, bounds: Bounds, origin: Origin, colours: MapColours): Layer {
  const ring = ringOf(bounds)
  return new PathLayer<[number, number][]>({
    id,
    data: [[...ring, ring[0]]],
    getPath: (line) => moved(origin, line),
    getColor: rgba(colours.line),
    widthUnits: 'pixels',
    getWidth: 1,
    updateTriggers: { getPath: origin, getColor: colours },
  })
}

/** Stations: hollow calibrate, solid validate; some with their names. */
export function stationLayers(
  stations: readonly StationMark[],
  origin: Origin,
  colours: MapColours,
  selected: { readonly set: string; readonly id: string } | null,
  named: readonly StationMark[],
): Layer[] {
  const at = ({ x, y }: Origin): [number, number] => [x - origin.x, y - origin.y]
  const fade = ([r, g, b, a]: Rgba, { isFaint }: StationMark): Rgba => [r, g, b, isFaint ? 70 : a]
  const colourOf = (station: StationMark): Rgba =>
    fade(station.colour ? [...station.colour, 255] : rgba(colours.text), station)
  const isSelected = (station: StationMark) => station.set === selected?.set && station.id === selected.id
  const triggers = { getFillColor: colours, getLineColor: colours }
  return [
    // A ring of the background's colour first, so that marks stand out on any ramp.
    new ScatterplotLayer<StationMark>({
      id: 'stations-halo',
      data: stations,
      getPosition: at,
      radiusUnits: 'pixels',
      getRadius: ({ use }) => (use === 'unused' ? 4 : 7),
      getFillColor: (station) => fade(rgba(colours.halo), station),
      updateTriggers: { getPosition: origin, ...triggers },
    }),
    new ScatterplotLayer<StationMark>({
      id: 'stations',
      data: stations,
      getPosition: at,
      radiusUnits: 'pixels',
      lineWidthUnits: 'pixels',
      stroked: true,
      getRadius: ({ use }) => (use === 'unused' ? 2.5 : 5),
      getFillColor: (station) =>
        station.use === 'calibration' ? fade(rgba(colours.halo), station) : colourOf(station),
      getLineColor: (station) =>
        station.use === 'calibration' ? colourOf(station) : fade(rgba(colours.text), station),
      getLineWidth: ({ use }) => (use === 'calibration' ? 2.5 : 1),
      updateTriggers: { getPosition: origin, ...triggers },
    }),
    new ScatterplotLayer<StationMark>({
      id: 'stations-selected',
      data: stations.filter(isSelected),
      getPosition: at,
      radiusUnits: 'pixels',
      lineWidthUnits: 'pixels',
      filled: false,
      stroked: true,
      getRadius: 11,
      getLineWidth: 2.5,
      getLineColor: rgba(colours.accent),
    }),
    ...textLayer('stations-names', named, {
      colours,
      at,
      text: nameOf,
      offset: [11, 0],
      anchor: 'start',
    }),
  ]
}

/** The selected place as a ring with a cross-hair gap, and the pins with their letters. */
export function markLayers(
  selection: { readonly x: number; readonly y: number } | null,
  pins: readonly Pin[],
  origin: Origin,
  colours: MapColours,
): Layer[] {
  const at = ({ x, y }: Origin): [number, number] => [x - origin.x, y - origin.y]
  const ring = (id: string, data: readonly Origin[], width: number, colour: Colour, radius = 8) =>
    new ScatterplotLayer<Origin>({
      id,
      data,
      getPosition: at,
      radiusUnits: 'pixels',
      lineWidthUnits: 'pixels',
      filled: false,
      stroked: true,
      getRadius: radius,
      getLineWidth: width,
      getLineColor: rgba(colour),
    })
  const chosen = selection ? [selection] : []
  return [
    ring('selection-halo', chosen, 5, colours.halo),
    ring('selection', chosen, 2, colours.accent),
    new ScatterplotLayer<Pin>({
      id: 'pins',
      data: pins,
      getPosition: at,
      radiusUnits: 'pixels',
      lineWidthUnits: 'pixels',
      stroked: true,
      getRadius: 8,
      getFillColor: rgba(colours.halo),
      getLineColor: rgba(colours.accent),
      getLineWidth: 1.5,
    }),
    ...textLayer('pins-letters', pins, { colours, at, text: ({ name }) => name, hasPlate: false }),
  ]
}

export function overlayLayers(overlays: readonly Overlay[], origin: Origin, colours: MapColours): Layer[] {
  return overlays.flatMap(({ id, polygons, points }) => [
    new SolidPolygonLayer<Overlay['polygons'][number]>({
      id: `overlay-${id}-fill`,
      data: polygons.filter(({ fill }) => fill !== null),
      getPolygon: ({ ring }) => moved(origin, ring),
      getFillColor: ({ fill }) => rgba(fill!),
    }),
    new PathLayer<Overlay['polygons'][number]>({
      id: `overlay-${id}-line`,
      data: polygons.filter(({ stroke }) => stroke !== null),
      getPath: ({ ring }) => moved(origin, [...ring, ring[0]]),
      getColor: ({ stroke }) => rgba(stroke!),
      widthUnits: 'pixels',
      getWidth: ({ width }) => width ?? 1.5,
    }),
    new ScatterplotLayer<Overlay['points'][number]>({
      id: `overlay-${id}-points`,
      data: points,
      getPosition: ({ x, y }) => [x - origin.x, y - origin.y],
      radiusUnits: 'pixels',
      getRadius: ({ radius }) => radius,
      getFillColor: ({ fill }) => rgba(fill),
      stroked: true,
      lineWidthUnits: 'pixels',
      getLineWidth: 1,
      getLineColor: rgba(colours.halo),
    }),
    ...textLayer(
      `overlay-${id}-labels`,
      [
        ...polygons.flatMap(({ ring, label }) => (label ? [{ at: middleOf(ring), label }] : [])),
        ...points.flatMap(({ x, y, label }) => (label ? [{ at: [x, y] as Point, label }] : [])),
      ],
      { colours, at: (datum) => moved(origin, [datum.at])[0], text: ({ label }) => label },
    ),
  ])
}

function middleOf(ring: readonly Point[]): Point {
  const mean = (axis: 0 | 1) => ring.reduce((sum, p) => sum + p[axis], 0) / ring.length
  return [mean(0), mean(1)]
}

/** Nested grids: outlines always, cells once they are large enough to tell apart. */
export function gridLayers(
  grids: readonly GridOutline[],
  view: Bounds,
  pixelsPerUnit: number,
  origin: Origin,
  colours: MapColours,
): Layer[] {
  return grids.flatMap(({ id, name, grid }, i) => {
    const bounds = gridBounds(grid)
    const width = 1 + 0.8 * (grids.length - 1 - i)
    return [
      new PathLayer<[number, number][]>({
        id: `grid-${id}-cells`,
        data: cellLines(grid, view, pixelsPerUnit),
        getPath: (line) => moved(origin, line),
        getColor: [colours.line[0], colours.line[1], colours.line[2], 110],
        widthUnits: 'pixels',
        getWidth: 0.6 * width,
      }),
      new PathLayer<[number, number][]>({
        id: `grid-${id}-outline`,
        data: [[...ringOf(bounds), ringOf(bounds)[0]]],
        getPath: (line) => moved(origin, line),
        getColor: rgba(colours.accent),
        widthUnits: 'pixels',
        getWidth: width + 0.6,
      }),
      ...textLayer(`grid-${id}-name`, [name], {
        colours,
        at: () => [bounds.west - origin.x, bounds.north - origin.y],
        text: (words) => words,
        offset: [4, 10 + 14 * i],
        anchor: 'start',
      }),
    ]
  })
}

interface PrintedCell {
  readonly x: number
  readonly y: number
  readonly words: string
  /** What it is printed on. */
  readonly ground: readonly [number, number, number]
}

/** Numbers in cells that are large enough to hold them. */
export function printedValues(id: string, cells: readonly PrintedCell[], origin: Origin, colours: MapColours): Layer[] {
  return textLayer(id, cells, {
    colours,
    at: ({ x, y }) => [x - origin.x, y - origin.y],
    text: ({ words }) => words,
    size: 12,
    hasPlate: false,
    ink: ({ ground: [r, g, b] }) =>
      0.299 * r + 0.587 * g + 0.114 * b > 128 ? [20, 19, 17, 255] : [250, 249, 246, 255],
  })
}
