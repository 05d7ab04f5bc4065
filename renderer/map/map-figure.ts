import { rampColours } from '../../main/contract/index.ts'
import { formatCount, formatNumber, formatUnit } from '../widgets/format.ts'
import { escapeText } from '../widgets/figures/figure.ts'
import { decimalsFor, roundTicks, tickText } from './base/round-steps.ts'
import { scaleBar } from './base/scale-bar.ts'
import type { ShownLayer } from './readings.ts'
import type { Bounds } from './view/camera.ts'

interface MapToDraw {
  /** `data:image/png;base64,…` */
  readonly image: string
  /** Of the picture, in pixels. */
  readonly width: number
  readonly height: number
  readonly shown: readonly ShownLayer[]
  /** Null with several pictures in one: their edges have no coordinates of their own. */
  readonly view: Bounds | null
  readonly crs: string
  readonly metresPerUnit: number | null
}

/** 180 mm, so that 12 px are 9 pt. */
const whole = 680
const margin = { left: 64, top: 12, right: 12, bottom: 34 }
const legendWidth = 300
const legendHeight = 70

/** The map as a figure: the raster as it was seen, and over it as live text what it takes to read it: coordinates, a bar of scale,
 *  and a legend with unit, depth and date for each layer. */
export function mapFigureSvg(map: MapToDraw): string {
  const { image, view } = map
  const width = whole - margin.left - margin.right
  const height = Math.round((width * map.height) / map.width)
  const legends = uniqueLegends(map.shown)
  const columns = 2
  const below = margin.top + height + margin.bottom
  const total = below + Math.ceil(legends.length / columns) * legendHeight + 8
  const scale = view && map.metresPerUnit ? scaleBar(((view.east - view.west) * map.metresPerUnit) / width) : null
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="180mm" height="${((180 * total) / whole).toFixed(2)}mm" viewBox="0 0 ${whole} ${total}" font-family="'Inter Variable', Inter, sans-serif" font-size="12" fill="#1f1d1a">`,
    `<rect width="${whole}" height="${total}" fill="#ffffff"/>`,
    `<image href="${image}" xlink:href="${image}" x="${margin.left}" y="${margin.top}" width="${width}" height="${height}"/>`,
    `<rect x="${margin.left}" y="${margin.top}" width="${width}" height="${height}" fill="none" stroke="#1f1d1a" stroke-width="0.75"/>`,
    view ? coordinates(view, width, height, map.crs) : '',
    scale ? bar(scale, margin.left + width - 12, margin.top + height - 12) : '',
    ...legends.map((layer, i) =>
      legend(layer, i, margin.left + (i % columns) * legendWidth, below + Math.floor(i / columns) * legendHeight),
    ),
    '</svg>',
  ].join('')
}

/** Layers of one look, unit and date say one thing. */
function uniqueLegends(shown: readonly ShownLayer[]): ShownLayer[] {
  const keyOf = ({ layer, day }: ShownLayer) =>
    JSON.stringify([layer.name, day, layer.look.ramp, layer.look.range, layer.tiled.unit])
  return [...new Map(shown.map((each) => [keyOf(each), each])).values()]
}

function coordinates({ west, south, east, north }: Bounds, width: number, height: number, crs: string): string {
  const across = roundTicks([west, east], 5)
  const up = roundTicks([south, north], Math.max(2, Math.round((5 * height) / width)))
  const shown = (value: number, ticks: readonly number[]) =>
    Math.abs(value) >= 1000 ? formatCount(value) : formatNumber(value, decimalsFor(ticks))
  const bottom = margin.top + height
  return [
    ...across.map((value) => {
      const x = margin.left + (width * (value - west)) / (east - west)
      return `<path d="M${x} ${bottom}v5" stroke="#1f1d1a" stroke-width="0.75"/><text x="${x}" y="${bottom + 18}" text-anchor="middle" font-size="11">${shown(value, across)}</text>`
    }),
    ...up.map((value) => {
      const y = bottom - (height * (value - south)) / (north - south)
      return `<path d="M${margin.left} ${y}h-5" stroke="#1f1d1a" stroke-width="0.75"/><text x="${margin.left - 8}" y="${y}" text-anchor="end" dominant-baseline="central" font-size="11">${shown(value, up)}</text>`
    }),
    `<text x="${margin.left + width}" y="${bottom + 31}" text-anchor="end" font-size="11">${escapeText(crs)}</text>`,
  ].join('')
}

function bar(
  { pixels, words }: { readonly pixels: number; readonly words: string },
  right: number,
  bottom: number,
): string {
  return [
    `<rect x="${right - pixels - 8}" y="${bottom - 22}" width="${pixels + 16}" height="28" fill="#ffffff" fill-opacity="0.85"/>`,
    `<path d="M${right - pixels} ${bottom - 5}v5h${pixels}v-5" fill="none" stroke="#1f1d1a" stroke-width="1.5"/>`,
    `<text x="${right - pixels / 2}" y="${bottom - 8}" text-anchor="middle" font-size="11">${words}</text>`,
  ].join('')
}

function legend({ layer, day, hasDay }: ShownLayer, index: number, x: number, y: number): string {
  const { look, tiled, name } = layer
  const colours = rampColours(look.ramp)
  const stops = Array.from({ length: 18 }, (_, i) => {
    const share = i / 17
    const [r, g, b] = colours[Math.round(255 * (look.reversed ? 1 - share : share))]
    return `<stop offset="${share.toFixed(4)}" stop-color="rgb(${r},${g},${b})"/>`
  })
  const [low, high] = look.range
  const ticks = roundTicks(look.range, 4)
  const depth = tiled.depth ? `${tiled.depth.map((metres) => Number((100 * metres).toPrecision(3))).join('–')} cm` : ''
  const date = day ? `${day}${hasDay ? '' : ' (no data)'}` : ''
  const unit = formatUnit(tiled.unit)
  const across = legendWidth - 24
  return [
    `<defs><linearGradient id="ramp-${index}">${stops.join('')}</linearGradient></defs>`,
    `<text x="${x}" y="${y + 12}" font-weight="600">${escapeText(name)}</text>`,
    `<text x="${x}" y="${y + 27}">${escapeText([date, unit, depth].filter(Boolean).join(', '))}</text>`,
    `<rect x="${x}" y="${y + 33}" width="${across}" height="10" fill="url(#ramp-${index})" stroke="#8b867c" stroke-width="0.5"/>`,
    ...ticks.map((value) => {
      const at = x + (across * (value - low)) / (high - low)
      return `<path d="M${at} ${y + 43}v3" stroke="#1f1d1a" stroke-width="0.75"/><text x="${at}" y="${y + 57}" text-anchor="middle" font-size="11">${tickText(value, ticks)}</text>`
    }),
  ].join('')
}
