import { useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode, Ref } from 'react'
import type { Day } from '../../main/contract/index.ts'
import { Button } from '../widgets/Button.tsx'
import { LoadingLine } from '../widgets/PanelState.tsx'
import { AreaBox } from './AreaBox.tsx'
import { CellsRead } from './CellsRead.tsx'
import { EdgeLabels } from './EdgeLabels.tsx'
import { PaneFrames } from './PaneFrames.tsx'
import { SpokenReading } from './SpokenReading.tsx'
import { SwipeHandle } from './SwipeHandle.tsx'
import { graticuleLines } from './base/graticule-lines.ts'
import type { GraticuleKind } from './base/graticule-lines.ts'
import type { Projection } from './base/projection.ts'
import { stationNear } from './overlay/overlays.ts'
import type { StationMark } from './overlay/overlays.ts'
import { useMapReadings } from './readings.ts'
import type { TileStore } from './tiles/tile-store.ts'
import { boundsOf, fitCamera, panBy, placeAt, scaleOf, zoomAround } from './view/camera.ts'
import type { Bounds, Camera } from './view/camera.ts'
import type { Theme } from './view/map-colours.ts'
import { layoutBeside, layoutPanes } from './view/pane-layout.ts'
import type { DrawnLayer, MapPane } from './view/panes.ts'
import { PictureHold, holdMilliseconds } from './view/picture-hold.ts'
import { sceneLayers } from './view/scene-layers.ts'
import type { MapContent } from './view/scene-layers.ts'
import { useCameraFlight } from './view/use-camera-flight.ts'
import { useCanvas } from './view/use-canvas.ts'
import { useElementSize } from './view/use-element-size.ts'
import { useFirstView } from './view/use-first-view.ts'
import { useGestures } from './view/use-gestures.ts'
import { usePlans } from './view/use-plans.ts'
import { useWorld } from './view/use-world.ts'
import './map.css'

export interface MapStageHandle {
  fit(bounds: Bounds): void
  /** The picture with everything deck.gl draws, for thumbnails and figures. */
  snapshot(): Promise<ImageBitmap | null>
}

export interface MapStageProps extends Omit<MapContent, 'graticule'> {
  readonly ref?: Ref<MapStageHandle>
  readonly store: TileStore
  /** Of the map's CRS; null until it is known. */
  readonly projection: Projection | null
  readonly panes: readonly MapPane[]
  /** Two panes beside each other, whatever the stage's shape. */
  readonly isBeside: boolean
  readonly camera: Camera | null
  readonly onCamera: (camera: Camera) => void
  /** What 0 shows; the view a map without a camera begins with. */
  readonly home: Bounds | null
  readonly theme: Theme
  readonly hasBase: boolean
  readonly graticule: GraticuleKind
  /** Shade of the terrain, below the data of every picture; null: none. */
  readonly shade: DrawnLayer | null
  readonly swipe: {
    readonly at: number
    readonly a: string
    readonly b: string
    readonly onChange: (at: number) => void
  } | null
  /** `area`: a dragged rectangle is handed to `onArea`. */
  readonly tool: 'inspect' | 'area'
  readonly onArea: (bounds: Bounds) => void
  readonly onPick: (place: { readonly x: number; readonly y: number; readonly station: StationMark | null }) => void
  /** Go to another day, offered where this one has no data. */
  readonly onDay: (day: Day) => void
  /** The day that comes next while playing. */
  readonly nextDay: Day | null
  /** Legends and controls over the picture. */
  readonly children?: ReactNode
}

/** Pixels an arrow key pans. */
const panStep = 80

/** The map: rasters as numbers, base map, stations and marks in one or several panes that move together. Needs only what it is
 *  given; what it shows can be read from `useMapReadings`. */
export function MapStage(props: MapStageProps) {
  const { ref, store, projection, panes, isBeside, camera, onCamera, home, swipe, tool, onArea, onPick } = props
  const stage = useRef<HTMLDivElement>(null)
  const surface = useRef<HTMLDivElement>(null)
  const lastPicture = useRef<HTMLCanvasElement>(null)
  const size = useElementSize(stage)
  const { canvas, state, restart } = useCanvas(surface, lastPicture)
  const boxes = useMemo(
    () =>
      (isBeside ? layoutBeside : layoutPanes)(
        panes.map(({ id }) => id),
        size,
      ),
    [panes, isBeside, size],
  )
  const { fly, stop } = useCameraFlight(camera, onCamera)
  const [isKeyboard, setKeyboard] = useState(false)
  const [area, setArea] = useState<{ pane: string; bounds: Bounds } | null>(null)
  const box = boxes[0] ?? size

  const isReady = size.width > 0 && size.height > 0
  useFirstView({ camera, onCamera, home, size: box })

  const origin = useOrigin(camera, projection)
  const world = useWorld(projection, origin, props.hasBase, camera && boundsOf(camera, box))
  const view = useMemo(() => camera && boundsOf(camera, box), [camera, box])
  const lines = useMemo(
    () => (view && projection && isReady ? graticuleLines(props.graticule, projection, view) : []),
    [props.graticule, projection, view, isReady],
  )
  const { shade } = props
  const all = usePlans(store, {
    panes: useMemo(() => (shade ? panes.map((pane) => withShade(pane, shade)) : panes), [panes, shade]),
    boxes,
    camera,
    nextDay: props.nextDay,
  })
  const planned = useMemo(() => all.filter(({ layer }) => layer !== shade), [all, shade])

  const hold = useRef(new PictureHold())
  const [, redraw] = useState(0)
  useEffect(() => {
    if (!canvas || !camera || !origin || !isReady) return
    const now = performance.now()
    let isHeld = false
    const settled = planned.map((each) => {
      const key = `${each.pane}|${each.layer.id}|${each.layer.tiled.id}`
      const held = hold.current.settle(key, each.plan, now)
      isHeld ||= held.isHeld
      return { ...each, plan: { ...each.plan, drawn: held.drawn } }
    })
    canvas.draw({
      panes: boxes,
      camera,
      origin,
      layers: sceneLayers({
        ...props,
        graticule: lines,
        below: all.filter(({ layer }) => layer === shade),
        planned: settled,
        boxes,
        camera,
        origin,
        world,
      }),
    })
    if (!isHeld) return
    const timer = setTimeout(() => redraw((count) => count + 1), holdMilliseconds)
    return () => clearTimeout(timer)
  })

  useEffect(() => {
    useMapReadings.setState({
      shown: planned.map(({ pane, layer, day, hasDay, plan, clip }) => ({
        pane,
        layer,
        day,
        hasDay,
        drawn: plan.drawn,
        missing: plan.missing,
        oneOf: plan.oneOf,
        clip,
      })),
      view: camera ? boundsOf(camera, box) : null,
      isLoading: planned.some(({ plan }) => plan.missing > 0),
      fault: planned.flatMap(({ plan }) => plan.failed)[0]?.fault ?? null,
    })
  }, [planned, camera, box])

  useImperativeHandle(
    ref,
    () => ({
      fit: (bounds) => fly(fitCamera(bounds, box)),
      snapshot: () => canvas?.snapshot() ?? Promise.resolve(null),
    }),
    [fly, box, canvas],
  )

  const readAt = (place: { x: number; y: number } | null, pane: string) =>
    useMapReadings.setState({ cursor: place && { ...place, pane } })
  const pick = (place: { x: number; y: number }) => {
    const station = camera ? stationNear(props.stations, place, 1 / scaleOf(camera)) : null
    onPick({ ...place, station })
  }

  useGestures(stage, {
    camera,
    panes: boxes,
    onCamera: (next) => {
      stop()
      setKeyboard(false)
      onCamera(next)
    },
    onHover: (at) => {
      if (isKeyboard && !at) return
      setKeyboard(false)
      readAt(at && camera ? placeAt(camera, at.pane, at.pixel) : null, at?.pane.id ?? '')
    },
    onClick: ({ pane, pixel }) => camera && pick(placeAt(camera, pane, pixel)),
    onDraw:
      tool === 'area' && camera
        ? (pane, from, to, isDone) => {
            const a = placeAt(camera, pane, from)
            const b = placeAt(camera, pane, to)
            const bounds = {
              west: Math.min(a.x, b.x),
              east: Math.max(a.x, b.x),
              south: Math.min(a.y, b.y),
              north: Math.max(a.y, b.y),
            }
            setArea(isDone ? null : { pane: pane.id, bounds })
            if (isDone) onArea(bounds)
          }
        : null,
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (!camera || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target !== stage.current) return
    const reach = event.shiftKey ? 4 * panStep : panStep
    const middle = [box.width / 2, box.height / 2] as const
    const moves: Record<string, () => Camera | null> = {
      ArrowLeft: () => panBy(camera, -reach, 0),
      ArrowRight: () => panBy(camera, reach, 0),
      ArrowUp: () => panBy(camera, 0, -reach),
      ArrowDown: () => panBy(camera, 0, reach),
      '+': () => zoomAround(camera, box, middle, 1),
      '=': () => zoomAround(camera, box, middle, 1),
      '-': () => zoomAround(camera, box, middle, -1),
      '0': () => (home ? fitCamera(home, box) : null),
      Enter: () => {
        pick(camera)
        return null
      },
    }
    const make = moves[event.key]
    if (!make) return
    event.preventDefault()
    const to = make()
    setKeyboard(true)
    readAt(to ?? camera, boxes[0]?.id ?? '')
    if (to) fly(to)
  }

  const isLoading = planned.some(({ plan }) => plan.missing > 0)
  return (
    <div
      ref={stage}
      className={`map-stage${tool === 'area' ? ' is-drawing' : ''}${lines.length > 0 ? ' has-edge-labels' : ''}`}
      // A picture that takes keys: assistive technology hands them on.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="application"
      aria-label="Map"
      aria-roledescription="map"
      aria-describedby="map-keys"
      data-letter-keys=""
      onKeyDown={onKeyDown}
      onBlur={() => setKeyboard(false)}
    >
      <p id="map-keys" className="visually-hidden">
        Arrows pan, plus and minus zoom, 0 shows everything, Enter reads the middle.
      </p>
      <div ref={surface} className="map-surface" />
      <canvas
        ref={lastPicture}
        className="map-last-picture"
        hidden={state === 'drawing'}
        role="img"
        aria-label="Last picture of the map"
      />
      <LoadingLine isShown={isLoading} label="Reading the map" />
      <CellsRead planned={planned} />
      {view &&
        lines.length > 0 &&
        boxes.map((each) => <EdgeLabels key={each.id} lines={lines} box={each} view={view} />)}
      <PaneFrames panes={panes} boxes={boxes} planned={planned} onDay={props.onDay} />
      {swipe && boxes[0] && <SwipeHandle {...swipe} box={boxes[0]} />}
      {area && camera && <AreaBox area={area} camera={camera} boxes={boxes} />}
      {isKeyboard && <SpokenReading />}
      {isKeyboard &&
        boxes.map((pane) => <CrossHair key={pane.id} x={pane.x + pane.width / 2} y={pane.y + pane.height / 2} />)}
      {state !== 'drawing' && (
        <div className="map-notice" role="status" data-map-control="">
          {state === 'redrawing' ? (
            'Redrawing'
          ) : (
            <>
              The graphics card stops drawing again and again. <Button onPress={restart}>Restart view</Button>
            </>
          )}
        </div>
      )}
      {props.children}
    </div>
  )
}

const withShade = (pane: MapPane, shade: DrawnLayer): MapPane => ({
  ...pane,
  layers: [{ layer: shade, day: null, clip: [0, 1] }, ...pane.layers],
})

function CrossHair({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <svg className="map-cross-hair" style={{ left: x - 12, top: y - 12 }} width={24} height={24} aria-hidden="true">
      <path d="M12 0v9M12 15v9M0 12h9M15 12h9" />
    </svg>
  )
}

/** Where coordinates on the card are counted from: the first place looked at in this CRS. */
function useOrigin(camera: Camera | null, projection: Projection | null) {
  const kept = useRef<{ projection: Projection | null; origin: { x: number; y: number } } | null>(null)
  if (camera && kept.current?.projection !== projection)
    kept.current = { projection, origin: { x: Math.round(camera.x), y: Math.round(camera.y) } }
  return kept.current?.origin ?? null
}
