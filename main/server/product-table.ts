import { LoamError } from '../contract/index.ts'
import type { TablePreview } from '../contract/index.ts'
import { previewTable } from '../engine/stations/index.ts'
import type { Candidate } from './surveys.ts'

/** The first rows of a product that is a table, and what its columns are taken for.
 *  @throws not_found for rasters and ISMN files; what `previewTable` throws */
export function productTable({ product, paths, group }: Candidate): Promise<TablePreview> {
  if (!product.stations || product.stations.format === 'ISMN')
    throw new LoamError('not_found', `${group.title} is no table.`, { product: product.id })
  return previewTable(paths[0], product.stations.settings)
}
