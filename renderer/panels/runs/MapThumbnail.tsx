import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { LayerStyle, decodeTile } from '../../../main/contract/index.ts'
import type { Day, TileBody, TiledLayer } from '../../../main/contract/index.ts'
import { fetchLayer, loadTile } from '../../api/layers.ts'
import { colourOf, settledRange, suggestedRamp } from '../../map/colour/layer-look.ts'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { formatNumber, formatUnit } from '../../widgets/format.ts'

interface MapThumbnailProps {
  readonly run: string
  readonly day: Day
  /** Changes when more days are finished. */
  readonly version: number
}

/** The map of a day as a small picture, in the colours the layer would have. */
export function MapThumbnail({ run, day, version }: MapThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const picture = useQuery({
    queryKey: ['thumbnail', run, day, version],
    queryFn: ({ signal }) => readPicture(run, day, signal),
    placeholderData: (before) => before,
    gcTime: 60_000,
  })
  const { data } = picture
  useEffect(() => {
    if (canvas.current && data) paint(canvas.current, data)
  }, [data])
  if (picture.error) return <ErrorStrip fault={picture.error} onRetry={() => void picture.refetch()} />
  if (!data) return <LoadingRows rows={3} label={`Reading the map of ${day}`} />
  const { tiled, tile, mean } = data
  return (
    <figure className="run-thumbnail">
      <canvas
        ref={canvas}
        width={tile.cols}
        height={tile.rows}
        role="img"
        aria-label={`${tiled.quantity} on ${day}, mean ${formatNumber(mean)} ${formatUnit(tiled.unit)}`}
      />
      <figcaption className="text-2">
        {tiled.quantity}, mean {formatNumber(mean)} {formatUnit(tiled.unit)}
      </figcaption>
    </figure>
  )
}

interface Picture {
  readonly tiled: TiledLayer
  readonly tile: TileBody
  readonly mean: number
}

async function readPicture(run: string, day: Day, signal: AbortSignal): Promise<Picture> {
  const tiled = await fetchLayer({ of: 'product', run, layer: 'mean' }, null)
  const top = { layer: tiled.id, day, level: tiled.levels - 1, row: 0, col: 0 }
  const tile = decodeTile((await loadTile(top, signal)).bytes)
  let sum = 0
  let count = 0
  for (const value of tile.values)
    if (!Number.isNaN(value)) {
      sum += value
      count++
    }
  return { tiled, tile, mean: sum / count }
}

function paint(canvas: HTMLCanvasElement, { tiled, tile }: Picture): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const style = LayerStyle.parse({ ramp: suggestedRamp(tiled.quantity, tiled.unit, tiled.kind) })
  const look = { ...style, range: settledRange(style, tiled), kind: tiled.kind }
  const image = context.createImageData(tile.cols, tile.rows)
  tile.values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    image.data.set([...colourOf(look, value), 255], 4 * i)
  })
  context.putImageData(image, 0, 0)
}
