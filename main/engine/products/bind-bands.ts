import { LoamError, sameGrid } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import type { Model } from '../models/index.ts'
import { describeRaster } from '../raster/index.ts'
import type { BandSource } from '../raster/index.ts'

/** Predictors bound to bands, all on one grid. */
export interface BoundStack {
  readonly grid: Grid
  readonly sources: BandSource[]
  readonly blockRows: number
  readonly blockCols: number
}

/** The band of each predictor, by name.
 *  @throws missing_predictor, unsupported_grid; see `describeRaster` */
export async function bindBands(model: Model, path: string): Promise<BoundStack> {
  const { layers } = await describeRaster(path, { cellsToSee: 0 })
  const bands = layers.flatMap((layer) =>
    layer.bands.map((band) => ({ layer, band, name: band.name || band.description })),
  )
  const missing = model.predictors.filter((name) => !bands.some((band) => band.name === name))
  if (missing.length > 0)
    throw new LoamError(
      'missing_predictor',
      `${path} has no band named ${missing.map((name) => `"${name}"`).join(', ')}. ` +
        `Its bands are named: ${bands.map(({ name }) => (name === '' ? '(no name)' : `"${name}"`)).join(', ')}. ` +
        'Name the bands after the predictors of the model (band descriptions).',
      { file: path, missing, present: bands.map(({ name }) => name) },
    )
  const bound = model.predictors.map((name) => {
    const found = bands.filter((band) => band.name === name)
    if (found.length > 1)
      throw new LoamError(
        'missing_predictor',
        `${path} has ${found.length} bands named "${name}". Name only one of them so.`,
        { file: path, name },
      )
    return found[0]
  })
  const [{ layer }] = bound
  const other = bound.find((band) => !sameGrid(band.layer.grid, layer.grid))
  if (other)
    throw new LoamError(
      'unsupported_grid',
      `The bands "${bound[0].name}" and "${other.name}" of ${path} lie on different grids. Bring all predictors to one grid first.`,
      { file: path },
    )
  return {
    grid: layer.grid,
    sources: bound.map(({ layer: { subdataset }, band }) => ({
      path,
      subdataset,
      band: band.band,
      grid: layer.grid,
      scale: band.scale,
      offset: band.offset,
      nodata: band.nodata,
      validRange: band.validRange,
    })),
    blockRows: layer.blockRows,
    blockCols: layer.blockCols,
  }
}
