import { LoamError, encodeTile, reasonCodes } from '../contract/index.ts'
import type { Block } from '../contract/index.ts'
import { understandInDetail, understandOptionsOf } from '../engine/catalog/index.ts'
import { RasterReader } from '../engine/raster/index.ts'
import type { Candidate } from './surveys.ts'

const mostCells = 160
/** Of a larger raster the middle is shown: a picture must not take as long as the data. */
const mostCellsRead = 4096 * 4096
const sideRead = 2048

/** The first date of a product's first variable, a picture of at most 160 × 160 cells as a tile body. Its file was looked into by
 *  the describing process before, so a decoder that crashes on it has done so there.
 *  @throws not_found for a product without rasters */
export async function productPicture(
  { product, paths, seen }: Candidate,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!product.raster) throw new LoamError('not_found', `${product.title} makes no picture.`, { product: product.id })
  const descriptions = paths.flatMap((path) => seen.get(path)?.raster ?? []).slice(0, 1)
  const { understood } = await understandInDetail(descriptions, {
    name: product.name,
    ...understandOptionsOf(product.raster.settings),
  })
  const { grid, variables, scenes } = understood
  const scene = scenes.find(({ variable }) => variable === 0) ?? scenes[0]
  const { scale, offset, nodata, validRange } = variables[scene.variable]
  const { subdataset, band } = scene
  const isWhole = grid.rows * grid.cols <= mostCellsRead
  const rows = isWhole ? grid.rows : Math.min(grid.rows, sideRead)
  const cols = isWhole ? grid.cols : Math.min(grid.cols, sideRead)
  const window = { row: (grid.rows - rows) >> 1, col: (grid.cols - cols) >> 1, rows, cols }
  const reader = new RasterReader({ cacheBytes: 0 })
  try {
    const source = { path: descriptions[0].path, subdataset, band, grid, scale, offset, nodata, validRange }
    return encodeTile(thinned(await reader.read(source, window, signal)))
  } finally {
    reader.close()
  }
}

/** Every n-th cell, which is enough to recognise a product. */
function thinned({ rows, cols, values, reasons }: Block): Block {
  const step = Math.max(1, Math.ceil(Math.max(rows, cols) / mostCells))
  const small = { rows: Math.ceil(rows / step), cols: Math.ceil(cols / step) }
  const picture = {
    ...small,
    values: new Float32Array(small.rows * small.cols).fill(Number.NaN),
    reasons: new Uint8Array(small.rows * small.cols).fill(reasonCodes.no_data),
  }
  for (let row = 0, i = 0; row < small.rows; row++)
    for (let col = 0; col < small.cols; col++, i++) {
      const from = row * step * cols + col * step
      picture.values[i] = values[from]
      picture.reasons[i] = reasons[from]
    }
  return picture
}
