import type { RefObject } from 'react'
import type { MapStageHandle } from '../map/MapStage.tsx'
import { useMapExtras } from '../map/map-extras.ts'
import { mapFigureSvg } from '../map/map-figure.ts'
import { useMapReadings } from '../map/readings.ts'
import type { Command } from '../state/commands.ts'
import { sayFault } from '../state/notices.ts'
import { pinFigure } from '../state/pin-figure.ts'
import { usePointer } from '../state/pointer.ts'
import { session } from '../state/session.ts'
import { fontCssFor } from '../widgets/figures/embed-fonts.ts'
import { formatSignificant, formatUnit } from '../widgets/format.ts'

export function pinMapCommand(stage: RefObject<MapStageHandle | null>): Command {
  return {
    id: 'map.pin',
    title: 'Pin the map to the report',
    keys: ['Ctrl+Shift+F'],
    group: 'Report',
    run: () => void pinMap(stage.current).catch(sayFault),
  }
}

/** The map as it is, in light colours, with legends, scale and coordinates as live text over the raster. */
async function pinMap(stage: MapStageHandle | null): Promise<void> {
  const bitmap = await lightPicture(stage)
  if (!bitmap) return
  const { shown, view } = useMapReadings.getState()
  const { crs, scale } = usePointer.getState()
  const { camera } = session()
  // 1 : n at 96 dots per inch, and pixels of a unit.
  const metresPerUnit = scale && camera ? ((scale * 0.0254) / 96) * 2 ** camera.zoom : null
  const isOne = new Set(shown.map(({ pane }) => pane)).size <= 1
  const svg = mapFigureSvg({
    image: await dataUrl(bitmap),
    width: bitmap.width,
    height: bitmap.height,
    shown,
    view: isOne ? view : null,
    crs: crs ?? '',
    metresPerUnit,
  })
  const fonts = await fontCssFor(svg.replace(/data:[^"]*/g, ''))
  const words = shown.map(({ layer, day, hasDay }) => {
    const [low, high] = layer.look.range
    const date = day ? `, ${day}${hasDay ? '' : ' (no data)'}` : ''
    const unit = formatUnit(layer.tiled.unit)
    return `${layer.name}${date}, ${formatSignificant(low)} to ${formatSignificant(high)}${unit && ` ${unit}`}. ${layer.tiled.lineage}`
  })
  await pinFigure({
    title: `Map${shown.length > 0 ? ` of ${shown.at(-1)?.layer.name}` : ''}`,
    caption: `${[...new Set(words)].join(' ')}${crs ? ` Coordinates in ${crs}.` : ''}`,
    kind: 'svg',
    picture: new Blob([svg.replace('>', `><style>${fonts}</style>`)], { type: 'image/svg+xml' }),
  })
}

/** Figures are light whatever the window is; the map alone changes for a moment. */
async function lightPicture(stage: MapStageHandle | null): Promise<ImageBitmap | null> {
  useMapExtras.setState({ isForPrint: true })
  try {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    return (await stage?.snapshot()) ?? null
  } finally {
    useMapExtras.setState({ isForPrint: false })
  }
}

async function dataUrl(bitmap: ImageBitmap): Promise<string> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return `data:image/png;base64,${btoa(text)}`
}
