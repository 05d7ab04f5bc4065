import type { Day } from '../../contract/index.ts'
import { stemOf } from './list-files.ts'
import type { BandDescription, RasterDescription, RasterLayer } from '../raster/index.ts'

/** One band of one file, on its way to become a scene. */
export interface Piece {
  /** Index of its file. */
  readonly file: number
  readonly path: string
  readonly layer: RasterLayer
  readonly band: BandDescription
}

export function piecesOf(descriptions: readonly RasterDescription[]): Piece[] {
  const prefixes = descriptions.map(({ layers }) => layers.map(numberedPrefix))
  return descriptions.flatMap(({ path, layers }, file) =>
    layers.flatMap((layer, l) => {
      const prefix = prefixes[file][l]
      const isElsewhereOther = prefixes.some((others) => others[l] !== undefined && others[l] !== prefix)
      const isNameless =
        prefix !== null && (isElsewhereOther || prefix === stemOf(path) || /^file[0-9a-f]{8,}$/.test(prefix))
      return layer.bands.map((band) => ({ file, path, layer, band: isNameless ? { ...band, name: '' } : band }))
    }),
  )
}

/** `x` when the bands are named x_1, x_2, … in order: programs make such names of a (temporary) file's name. */
function numberedPrefix(layer: RasterLayer): string | null {
  if (layer.bands.length < 2) return null
  const prefix = /^(.*)_1$/.exec(layer.bands[0].name)?.[1]
  if (prefix === undefined) return null
  return layer.bands.every(({ name, band }) => name === `${prefix}_${band}`) ? prefix : null
}

/** What a piece is for messages: file, sub-dataset and band. */
export function pieceText({ path, layer, band }: Piece): string {
  const parts = [path.replace(/^.*[\\/]/, ''), layer.subdataset, layer.bands.length > 1 ? `band ${band.band}` : '']
  return parts.filter((part) => part !== '').join(', ')
}

/** A piece with its date; null for a raster without time. */
export interface DatedPiece extends Piece {
  readonly day: Day | null
  /** The band's or file's name without the date; empty when nothing is left. */
  readonly bareName: string
}
