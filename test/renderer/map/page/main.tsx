// The map alone, on numbers of test/renderer/map/tile-server.ts. Driven by the tests through `window.drive`.
// oxlint-disable-next-line import/no-unassigned-import
import './no-eval.ts'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { LayerStyle } from '../../../../main/contract/index.ts'
import type { Day, TiledLayer } from '../../../../main/contract/index.ts'
import { MapStage } from '../../../../renderer/map/MapStage.tsx'
import { projectionOf } from '../../../../renderer/map/base/projection.ts'
import { settledRange } from '../../../../renderer/map/colour/layer-look.ts'
import type { StationMark } from '../../../../renderer/map/overlay/overlays.ts'
import { useMapReadings } from '../../../../renderer/map/readings.ts'
import { gridBounds } from '../../../../renderer/map/tiles/tile-grid.ts'
import { TileStore } from '../../../../renderer/map/tiles/tile-store.ts'
import type { Camera } from '../../../../renderer/map/view/camera.ts'
import { panesOf } from '../../../../renderer/map/view/panes.ts'
import type { CompareMode, DrawnLayer } from '../../../../renderer/map/view/panes.ts'

export interface Drive {
  readonly mode: CompareMode
  readonly day: Day | null
  readonly swipe: number
  readonly camera: Camera | null
  readonly visible: readonly string[]
  readonly styles: Readonly<Record<string, Partial<LayerStyle>>>
  readonly hasBase: boolean
  readonly graticule: 'none' | 'degrees' | 'map'
  readonly tool: 'inspect' | 'area'
  readonly days: readonly Day[]
  readonly grids: boolean
  readonly isBlinking: boolean
}

const layers = (await (await fetch('/api/layers')).json()) as TiledLayer[]
const store = new TileStore({
  load: async ({ layer, day, level, row, col }, signal) => {
    const reply = await fetch(`/api/layers/${layer}/tiles/${day}/${level}/${row}/${col}`, { signal })
    if (!reply.ok) throw new Error(`${reply.status}`)
    return { bytes: await reply.arrayBuffer(), oneOf: 1 }
  },
})
const projection = projectionOf({
  code: 'EPSG:32633',
  name: 'WGS 84 / UTM zone 33N',
  proj4: '+proj=utm +zone=33 +datum=WGS84 +units=m +no_defs',
  unit: 'm',
  isGeographic: false,
})
const stations: StationMark[] = [
  { set: 's', id: '1', name: 'Raam 1', x: 500_640, y: 5_999_360, use: 'validation', colour: null, words: '0.213' },
  { set: 's', id: '2', name: 'Raam 2', x: 501_280, y: 5_999_040, use: 'calibration', colour: [38, 130, 142] },
  { set: 's', id: '3', name: 'Raam 3', x: 501_600, y: 5_998_720, use: 'unused', colour: null },
]

function Page() {
  const [drive, setDrive] = useState<Drive>({
    mode: 'single',
    day: '2018-07-04' as Day,
    swipe: 0.5,
    camera: null,
    visible: ['fine'],
    styles: {},
    hasBase: false,
    graticule: 'none',
    tool: 'inspect',
    days: [],
    grids: false,
    isBlinking: false,
  })
  const [heard, setHeard] = useState<unknown>(null)
  Object.assign(window, {
    drive: (change: Partial<Drive>) => setDrive((before) => ({ ...before, ...change })),
    heard,
    camera: drive.camera,
    readings: useMapReadings.getState,
  })
  const drawn = useMemo<DrawnLayer[]>(
    () =>
      layers
        .filter(({ id }) => drive.visible.includes(id))
        .map((tiled) => {
          const style = LayerStyle.parse(drive.styles[tiled.id] ?? {})
          return {
            id: tiled.id,
            name: tiled.name,
            tiled,
            look: { ...style, range: settledRange(style, tiled), kind: tiled.kind },
          }
        }),
    [drive.visible, drive.styles],
  )
  const panes = useMemo(
    () =>
      panesOf({
        mode: drive.mode,
        layers: drawn,
        day: drive.day,
        a: null,
        b: null,
        swipe: drive.swipe,
        difference: null,
        grid: drive.days.length > 0 ? { by: 'day', days: drive.days } : { by: 'layer' },
        isBlinking: drive.isBlinking,
      }),
    [drive, drawn],
  )
  const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme
  return (
    <MapStage
      store={store}
      projection={projection}
      panes={panes}
      isBeside={drive.mode === 'side'}
      camera={drive.camera}
      onCamera={(camera) => setDrive((before) => ({ ...before, camera }))}
      home={gridBounds(layers[0].grid)}
      theme={theme}
      hasBase={drive.hasBase}
      graticule={drive.graticule}
      shade={null}
      swipe={
        drive.mode === 'swipe' && drawn.length > 1
          ? {
              at: drive.swipe,
              a: drawn.at(-1)!.name,
              b: drawn.at(-2)!.name,
              onChange: (swipe) => setDrive((before) => ({ ...before, swipe })),
            }
          : null
      }
      tool={drive.tool}
      onArea={setHeard}
      onPick={setHeard}
      onDay={(day) => setDrive((before) => ({ ...before, day }))}
      nextDay={null}
      stations={drive.hasBase ? stations : []}
      selectedStation={null}
      overlays={[]}
      grids={drive.grids ? layers.map(({ id, name, grid }) => ({ id, name, grid })) : []}
      selection={drive.hasBase ? { x: 500_200, y: 5_999_000 } : null}
      pins={drive.hasBase ? [{ name: 'A', x: 501_000, y: 5_999_500 }] : []}
    />
  )
}

createRoot(document.getElementById('root')!).render(<Page />)
