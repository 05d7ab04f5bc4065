import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Day, Grid } from '../../main/contract/index.ts'
import { useCrs } from '../api/crs.ts'
import { loadTile, useTiledLayer } from '../api/layers.ts'
import { MapFurniture } from '../map/MapFurniture.tsx'
import { MapStage } from '../map/MapStage.tsx'
import type { MapStageHandle } from '../map/MapStage.tsx'
import { projectionOf } from '../map/base/projection.ts'
import { settledRange } from '../map/colour/layer-look.ts'
import { useMapExtras } from '../map/map-extras.ts'
import { useMapReadings } from '../map/readings.ts'
import { gridBounds } from '../map/tiles/tile-grid.ts'
import { TileStore } from '../map/tiles/tile-store.ts'
import { unionOf } from '../map/view/camera.ts'
import type { Bounds, Camera } from '../map/view/camera.ts'
import { comparedLayers, panesOf } from '../map/view/panes.ts'
import type { DrawnLayer } from '../map/view/panes.ts'
import { LayerStyle } from '../../main/contract/index.ts'
import { useCommands } from '../state/commands.ts'
import { session, useSession } from '../state/session.ts'
import { useWorkspaceStore } from '../state/workspace.ts'
import { usePlayback } from '../widgets/time/playback.ts'
import { ErrorStrip } from '../widgets/PanelState.tsx'
import { MapLegends } from './MapLegends.tsx'
import { MapControls } from './MapControls.tsx'
import { differenceSource, useDrawnLayers } from './use-drawn-layers.ts'
import { useHillshade } from './use-hillshade.ts'
import { useFreshCamera } from './use-fresh-camera.ts'
import { useMapPicture } from './use-map-picture.ts'
import { useNoteMarks } from './use-note-marks.ts'
import { useFirstLayers } from './use-first-layers.ts'
import { pinMapCommand } from './pin-map.ts'
import { usePointerReadout } from './use-pointer-readout.ts'
import { useStationMarks } from './use-station-marks.ts'
import { useTheme } from '../state/use-theme.ts'

function ringBounds(ring: readonly (readonly [number, number])[]): Bounds {
  const [x, y] = [ring.map(([each]) => each), ring.map(([, each]) => each)]
  return { west: Math.min(...x), south: Math.min(...y), east: Math.max(...x), north: Math.max(...y) }
}

const setCamera = (camera: Camera) => session().set({ camera })

/** The map of the workspace: the document's layers in its working CRS, on the window's date. */
export function WorkspaceMap({ isShown }: { readonly isShown: boolean }) {
  const document = useWorkspaceStore((state) => state.document)
  const { camera, day, compare, selection, baseMap } = useSession()
  const extras = useMapExtras()
  const theme = useTheme()
  const store = useMemo(() => new TileStore({ load: loadTile }), [])
  const stage = useRef<MapStageHandle>(null)
  const shown = useMemo(
    () => ({ crs: document.crs, layers: [...extras.layers, ...document.layers] }),
    [document.crs, document.layers, extras.layers],
  )
  const { drawn, faults } = useDrawnLayers(shown)
  const crs = document.crs ?? drawn[0]?.tiled.grid.crs ?? null
  const firstGrid = drawn[0]?.tiled.grid
  const near = useMemo(() => firstGrid && middleOf(firstGrid), [firstGrid])
  const definition = useCrs(crs, near).data
  const projection = useMemo(() => (definition ? projectionOf(definition) : null), [definition])
  const stations = useStationMarks(crs)
  const shade = useHillshade(crs)
  const [isBlinking, setBlinking] = useBlink()
  const [a, b] = comparedLayers({ layers: drawn, a: compare.a, b: compare.b })
  const { difference, differenceFault } = useDifference(compare.mode === 'difference' ? [a, b] : [null, null], crs)
  const panes = useMemo(
    () =>
      panesOf({
        mode: compare.mode,
        layers: drawn,
        day,
        a: compare.a,
        b: compare.b,
        swipe: compare.swipe,
        difference,
        grid: compare.grid,
        isBlinking,
      }),
    [compare, drawn, day, difference, isBlinking],
  )
  const home = useMemo(() => {
    const { area } = document
    const ofArea = area ? [{ west: area[0], south: area[1], east: area[2], north: area[3] }] : []
    const ofLayers = drawn.map(({ tiled }) => gridBounds(tiled.grid))
    if (ofLayers.length + ofArea.length > 0) return unionOf(ofLayers.length > 0 ? ofLayers : ofArea)
    // Nothing is drawn yet: where the data lie can be looked at, and an area drawn there.
    return unionOf(
      Object.values(extras.overlays).flatMap(({ polygons }) => polygons.map(({ ring }) => ringBounds(ring))),
    )
  }, [document, drawn, extras.overlays])
  useEffect(() => {
    if (!extras.goTo) return
    stage.current?.fit(extras.goTo)
    useMapExtras.setState({ goTo: null })
  }, [extras.goTo])
  useFirstDay(drawn)
  useMapPicture(stage, isShown)
  useFreshCamera(crs)
  useFirstLayers()
  useNoteMarks()
  // A degree is taken as long as at the equator: the scale of a map in degrees is a rough word anyway.
  usePointerReadout(crs, definition?.isGeographic ? 111_320 : 1)
  useCommands(useMemo(() => [pinMapCommand(stage)], []))
  const fit = useCallback((bounds: Bounds) => stage.current?.fit(bounds), [])
  const tileFault = useMapReadings((state) => state.fault)
  const nextDay = usePlayback((state) => state.next)
  const overlays = useMemo(() => Object.values(extras.overlays), [extras.overlays])

  return (
    <div
      className="map-host"
      role="presentation"
      hidden={!isShown}
      onKeyDown={setBlinking.down}
      onKeyUp={setBlinking.up}
    >
      <MapStage
        ref={stage}
        store={store}
        projection={projection}
        panes={panes}
        isBeside={compare.mode === 'side'}
        camera={camera}
        onCamera={setCamera}
        home={home}
        theme={extras.isForPrint ? 'light' : theme}
        hasBase={baseMap.isShown}
        graticule={baseMap.graticule}
        shade={shade}
        swipe={
          compare.mode === 'swipe' && a && b
            ? {
                at: compare.swipe,
                a: a.name,
                b: b.name,
                onChange: (swipe) => session().set({ compare: { ...session().compare, swipe } }),
              }
            : null
        }
        tool={extras.onArea ? 'area' : 'inspect'}
        onArea={(bounds) => extras.onArea?.(bounds)}
        onPick={({ x, y, station }) =>
          session().set({
            selection: station ? { kind: 'station', set: station.set, station: station.id } : { kind: 'cell', x, y },
          })
        }
        onDay={(next: Day) => session().set({ day: next })}
        nextDay={nextDay}
        stations={stations}
        selectedStation={selection.kind === 'station' ? { set: selection.set, id: selection.station } : null}
        overlays={overlays}
        grids={extras.grids}
        selection={selection.kind === 'cell' ? selection : null}
        pins={document.pins}
      >
        {camera && <MapFurniture projection={projection} camera={camera} />}
        <MapLegends
          drawn={difference ? [difference] : drawn}
          difference={difference && a && b ? `${a.name} − ${b.name}` : null}
        />
        <MapControls drawn={drawn} home={home} onFit={fit} />
        {(faults.length > 0 || differenceFault || tileFault) && (
          <div className="map-faults" data-map-control="">
            {differenceFault && <ErrorStrip fault={differenceFault} />}
            {tileFault && <ErrorStrip fault={tileFault} onRetry={() => store.retry()} />}
            {faults.map(({ layer, fault }) => (
              <ErrorStrip key={layer.id} fault={fault} />
            ))}
          </div>
        )}
      </MapStage>
    </div>
  )
}

/** Where the datum of the map's CRS is measured. */
function middleOf(grid: Grid) {
  const { west, east, south, north } = gridBounds(grid)
  return { x: (west + east) / 2, y: (south + north) / 2, of: grid.crs }
}

/** B held down shows b in place of a. */
function useBlink() {
  const [isBlinking, setBlinking] = useState(false)
  const handlers = useMemo(() => {
    const isB = (event: React.KeyboardEvent) =>
      event.key.toLowerCase() === 'b' && !event.ctrlKey && !event.metaKey && !event.altKey && session().hasLetterKeys
    return {
      down: (event: React.KeyboardEvent) => isB(event) && setBlinking(true),
      up: (event: React.KeyboardEvent) => isB(event) && setBlinking(false),
    }
  }, [])
  return [isBlinking, handlers] as const
}

function useDifference([a, b]: readonly [DrawnLayer | null, DrawnLayer | null], crs: string | null) {
  const layers = useWorkspaceStore((state) => state.document.layers)
  const source = differenceSource(layers, a?.id, b?.id)
  const { data: tiled, error: differenceFault } = useTiledLayer(source, crs)
  const difference = useMemo((): DrawnLayer | null => {
    if (!tiled || !a || !b) return null
    const style = LayerStyle.parse({ ramp: 'difference' })
    const name = `${a.name} − ${b.name}`
    const range = settledRange(style, { ...tiled, quantity: `difference ${tiled.quantity}` })
    return { id: 'difference', name, tiled, look: { ...style, range, kind: tiled.kind } }
  }, [tiled, a, b])
  return { difference, differenceFault }
}

/** A map without a date shows the last day its uppermost dated layer has. */
function useFirstDay(drawn: readonly DrawnLayer[]): void {
  const day = useSession((state) => state.day)
  useEffect(() => {
    if (day) return
    const times = drawn.findLast(({ tiled }) => Array.isArray(tiled.times))?.tiled.times
    const last = Array.isArray(times) ? (times as readonly Day[]).at(-1) : undefined
    if (last) session().set({ day: last })
  }, [day, drawn])
}
