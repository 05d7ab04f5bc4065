import { stemOf } from './list-files.ts'
import type { DatedPiece } from './pieces.ts'

/** A name recipes can write: letters, digits and _, not starting with a digit. Empty when nothing is left. */
export function identifier(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/_{2,}/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^\d/.test(name) ? `b${name}` : name
}

/** The variable each piece belongs to.
 *  - NetCDF and HDF: the variable, with its place on other dimensions: `SoilMoist_inst_profiles_1`
 *  - named bands: the name without a date; unnamed bands of a multi-band file: `band_1`, unless each has a date of its own
 *  - single-band files: the file name without its date, or the dataset's name when every file would get one of its own */
export function variableNames(pieces: readonly DatedPiece[], dataset: string): string[] {
  const fallback = identifier(dataset) || 'value'
  const hasBandDates = pieces.some(
    (piece, i) => i > 0 && piece.layer === pieces[i - 1].layer && piece.day !== null && piece.day !== pieces[i - 1].day,
  )
  const names = pieces.map((piece) => {
    const { band, layer, bareName } = piece
    if (bareName === '' && layer.bands.length > 1 && !hasBandDates) return `band_${band.band}`
    const level = identifier(band.level.replaceAll('=', '_'))
    const base = identifier(bareName) || fallback
    return level === '' ? base : `${base}_${level}`
  })
  const files = new Set(pieces.map((piece) => piece.file)).size
  const isOnePerFile = pieces.length === files && new Set(names).size === files
  const isSeries = pieces.every((piece) => piece.day !== null)
  if (isOnePerFile && isSeries && files > 2) return names.map(() => fallback)
  // Two static files whose bands have one name are two variables, told apart by their files.
  const filesOfName = new Map<string, Set<number>>()
  for (const [i, piece] of pieces.entries())
    if (piece.day === null) filesOfName.set(names[i], (filesOfName.get(names[i]) ?? new Set()).add(piece.file))
  return names.map((name, i) => {
    const isShared = pieces[i].day === null && (filesOfName.get(name)?.size ?? 0) > 1
    return isShared ? `${identifier(stemOf(pieces[i].path))}_${name}` : name
  })
}
