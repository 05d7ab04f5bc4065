import { rampColours } from '../../contract/index.ts'
import { reasonCodes, reasonNames } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { encodePng, metresPerUnit, openOwnMap } from '../raster/index.ts'
import { escapeText, ink, numberText, roundTicks } from './svg.ts'

export interface MapToDraw {
  readonly path: string
  readonly title: string
}

export interface MapPicture {
  readonly title: string
  /** `data:image/png;base64,…` */
  readonly image: string
  readonly rows: number
  readonly cols: number
  /** Share of the cells whose value is outside the area of applicability. */
  readonly outside: number
  /** Share of cells without a value, by reason. */
  readonly missing: readonly { readonly reason: string; readonly share: number }[]
}

const widest = 900

/** Maps drawn with one range and one ramp, so that their colours can be compared. Missing cells are hatched grey.
 *  @returns the pictures and the range, 2nd to 98th percentile of all cells shown */
export async function drawMaps(
  maps: readonly MapToDraw[],
  grid: Grid,
  signal: AbortSignal,
): Promise<{ pictures: MapPicture[]; low: number; high: number }> {
  const blocks = []
  for (const { path } of maps) {
    const map = await openOwnMap(path, grid)
    try {
      const wanted = Math.max(0, Math.ceil(Math.log2(Math.max(grid.rows, grid.cols) / widest)))
      const level = Math.min(map.levels, wanted)
      const window = {
        row: 0,
        col: 0,
        rows: Math.ceil(grid.rows / 2 ** level),
        cols: Math.ceil(grid.cols / 2 ** level),
      }
      blocks.push(await map.read(level, window, 'values', signal))
    } finally {
      map.close()
    }
  }
  const values = Float32Array.from(
    blocks.flatMap((block) => Array.from(block.values.filter((value) => !Number.isNaN(value)))),
  ).sort()
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
  const [low, high] = [at(0.02), at(0.98)]
  const colours = rampColours('moisture')
  const pictures = await Promise.all(
    blocks.map(async ({ rows, cols, values: cells, reasons }, m): Promise<MapPicture> => {
      const rgba = new Uint8Array(4 * rows * cols)
      const counts = new Map<number, number>()
      let outside = 0
      for (let i = 0; i < cells.length; i++) {
        const isOutside = reasons[i] === reasonCodes.outside_applicability
        if (isOutside) outside++
        else if (reasons[i] !== reasonCodes.none) counts.set(reasons[i], (counts.get(reasons[i]) ?? 0) + 1)
        const step = Math.round((255 * (cells[i] - low)) / (high - low || 1))
        const isHatched = (Math.floor(i / cols) + (i % cols)) % 8 < 2
        const rgb = Number.isNaN(cells[i])
          ? isHatched
            ? [200, 196, 188]
            : [238, 236, 231]
          : colours[Math.max(0, Math.min(255, step))]
        const [row, col] = [Math.floor(i / cols), i % cols]
        // A value that should not be trusted keeps its colour under crossed lines.
        const isCrossed = isOutside && ((row + col) % 6 === 0 || (row - col + 6 * cols) % 6 === 0)
        rgba.set([...(isCrossed ? rgb.map((each) => each * 0.55) : rgb), 255], 4 * i)
      }
      const png = await encodePng(rgba, rows, cols)
      return {
        title: maps[m].title,
        image: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
        rows,
        cols,
        outside: outside / cells.length,
        missing: [...counts]
          .sort((a, b) => b[1] - a[1])
          .map(([code, count]) => ({ reason: reasonNames[code].replaceAll('_', ' '), share: count / cells.length })),
      }
    }),
  )
  return { pictures, low, high }
}

/** The ramp with its ticks, for all maps of one range. */
export function legend(low: number, high: number, words: string): string {
  const colours = rampColours('moisture')
  const width = 320
  const steps = Array.from({ length: 64 }, (_, i) => {
    const rgb = colours[Math.round((i * 255) / 63)]
    return `<rect x="${10 + i * 4.7}" y="16" width="5" height="12" fill="rgb(${rgb.join(',')})"/>`
  })
  const ticks = roundTicks(low, high, 4).map((value) => {
    const x = 10 + (300 * (value - low)) / (high - low || 1)
    return `<text x="${x}" y="42" text-anchor="middle" fill="${ink.text2}">${numberText(value)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="48" role="img" aria-label="${escapeText(words)}" font-family="Inter, system-ui, sans-serif" font-size="11"><text x="10" y="11" fill="${ink.text}">${escapeText(words)}</text>${steps.join('')}${ticks.join('')}</svg>`
}

/** Length of a round scale bar in metres and its share of the map's width; null in degrees. */
export function scaleBar(grid: Grid): { readonly metres: number; readonly share: number } | null {
  const perUnit = metresPerUnit(grid.crs)
  if (perUnit === null) return null
  const wide = grid.cols * grid.transform[1] * perUnit
  const power = 10 ** Math.floor(Math.log10(wide / 4))
  const metres = ([5, 2, 1].find((each) => each * power <= wide / 4) ?? 1) * power
  return { metres, share: metres / wide }
}
