import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { encodeTile, reasonCodes } from '../../../main/contract/index.ts'
import type { Day, TiledLayer, TileBody } from '../../../main/contract/index.ts'

const tileCells = 64

/** Two layers with numbers that can be told by heart: `fine` 200 × 150 cells of 10 m whose value is (row + col) / 1000,
 *  and `coarse` 5 × 4 cells of 400 m with the value 0.1 × (col + 1). Columns 20–39 of `fine` have no value, for one reason
 *  every ten rows; columns 40–59 of rows 0–49 keep their value outside the area of applicability. */
export const testLayers: readonly TiledLayer[] = [
  layerOf('coarse', 'SMAP', 400, 4, 5, ['2018-07-04', '2018-07-05'] as Day[]),
  layerOf('fine', 'Fine map', 10, 150, 200, ['2018-07-04', '2018-07-06'] as Day[]),
]

function layerOf(id: string, name: string, cell: number, rows: number, cols: number, times: Day[]): TiledLayer {
  return {
    id,
    name,
    grid: { crs: 'EPSG:32633', transform: [500_000, cell, 0, 6_000_000, 0, -cell], rows, cols },
    levels: 1 + Math.ceil(Math.log2(Math.max(1, Math.max(rows, cols) / tileCells))),
    tileCells,
    unit: 'm3 m-3',
    quantity: 'soil moisture',
    kind: 'continuous',
    times,
    sampled: { low: 0.02, high: 0.33, min: 0, max: 0.35 },
    depth: null,
    isLarge: false,
    lineage: 'made for a test',
  }
}

const reasonsByBlock = [
  reasonCodes.masked,
  reasonCodes.no_data,
  reasonCodes.too_few_neighbours,
  reasonCodes.outside_applicability,
  reasonCodes.too_old,
]

/** Value and reason of a cell of level 0. */
export function cellOf(layer: string, row: number, col: number, day: string): { value: number; reason: number } {
  if (layer === 'coarse') return { value: 0.1 * (col + 1), reason: 0 }
  if (col >= 20 && col < 40) return { value: Number.NaN, reason: reasonsByBlock[Math.floor(row / 10) % 5] }
  const isOutside = col >= 40 && col < 60 && row < 50
  const offset = day === '2018-07-06' ? 0.1 : 0
  return { value: (row + col) / 1000 + offset, reason: isOutside ? reasonCodes.outside_applicability : 0 }
}

function tileOf({ id, grid }: TiledLayer, day: string, level: number, tileRow: number, tileCol: number): TileBody {
  const step = 2 ** level
  const rows = Math.min(tileCells, Math.ceil(grid.rows / step) - tileRow * tileCells)
  const cols = Math.min(tileCells, Math.ceil(grid.cols / step) - tileCol * tileCells)
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const cell = cellOf(id, (tileRow * tileCells + row) * step, (tileCol * tileCells + col) * step, day)
      values[row * cols + col] = cell.value
      reasons[row * cols + col] = cell.reason
    }
  return { rows, cols, values, reasons }
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

export interface TileServer {
  readonly origin: string
  /** Paths asked for under /api, in order. */
  readonly asked: string[]
  /** Tiles answer 500 while this holds. */
  isBroken: boolean
  /** Milliseconds every tile takes. */
  delay: number
  close(): Promise<void>
}

/** Serves a built page and the tiles of `testLayers`, as the engine would: real bytes over real HTTP, with the page's policy. */
export async function startTileServer(page: string): Promise<TileServer> {
  const asked: string[] = []
  const http = createServer((request, response) => {
    void (async () => {
      const path = decodeURIComponent((request.url ?? '/').split('?')[0])
      const tile = /^\/api\/layers\/(\w+)\/tiles\/([\w-]+)\/(\d+)\/(\d+)\/(\d+)$/.exec(path)
      if (path.startsWith('/api/')) asked.push(path)
      if (path === '/favicon.ico') {
        response.statusCode = 204
        response.end()
      } else if (path === '/api/layers') {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(testLayers))
      } else if (tile) {
        const [, id, day, level, row, col] = tile
        await new Promise((done) => setTimeout(done, server.delay))
        if (server.isBroken) {
          response.statusCode = 500
          response.end('broken')
          return
        }
        const layer = testLayers.find((each) => each.id === id)!
        response.end(encodeTile(tileOf(layer, day, Number(level), Number(row), Number(col))))
      } else {
        const file = resolve(join(page, path === '/' ? 'index.html' : path))
        const type = types[extname(file)] ?? 'application/octet-stream'
        response.setHeader('content-type', type)
        response.setHeader(
          'content-security-policy',
          "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:",
        )
        response.end(await readFile(file))
      }
    })().catch((thrown: unknown) => {
      response.statusCode = 404
      response.end(String(thrown))
    })
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const server: TileServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked,
    isBroken: false,
    delay: 0,
    close: () =>
      new Promise((done) => {
        http.closeAllConnections()
        http.close(() => done())
      }),
  }
  return server
}
