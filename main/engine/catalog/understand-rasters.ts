import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Day, Kind, RasterDataset, RasterVariable, Scene, SourceFile } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import { describeRaster } from '../raster/index.ts'
import type { RasterDescription } from '../raster/index.ts'
import { commonGrid } from './compare-grids.ts'
import { gapNote } from './date-notes.ts'
import { doubtsAbout } from './doubts.ts'
import { guessKind } from './guess-kind.ts'
import { listFiles } from './list-files.ts'
import { identifier, variableNames } from './name-variables.ts'
import { pieceText, piecesOf } from './pieces.ts'
import type { DatedPiece, Piece } from './pieces.ts'
import { Remarks } from './remarks.ts'
import { datePieces } from './scene-dates.ts'
import { normaliseUnit } from './units.ts'

/** What the user says against what the files say. Applies to every variable of the dataset. */
export interface VariableOverrides {
  /** Only for a dataset of one variable. */
  readonly name?: string
  readonly unit?: string
  readonly kind?: Kind
  readonly scale?: number
  readonly offset?: number
  readonly nodata?: readonly number[]
  readonly validRange?: readonly [number, number]
}

export interface UnderstandOptions {
  /** The dataset's name. */
  readonly name: string
  /** Files, and folders of files. */
  readonly paths: readonly string[]
  /** Which files of a folder belong to it: `ndvi_*.tif`. */
  readonly pattern?: string
  /** YYYYMMDD, YYYY-MM-DD, YYYY_MM_DD, YYYYDDD, YYYYMM, YYYY-MM, bands, netcdf, static; default found and shown. */
  readonly dateRule?: string
  /** A table with the date of each band or file. */
  readonly datesFile?: string
  /** Only this NetCDF or HDF variable, or band by name. */
  readonly variable?: string
  readonly overrides?: VariableOverrides
  /** What the user says of single variables, by the name they are found under; goes before `overrides`. */
  readonly overridesOf?: Readonly<Record<string, VariableOverrides>>
  /** Variables that are not wanted, by the name they are found under. */
  readonly leaveOut?: readonly string[]
}

export interface UnderstandHooks {
  /** Looks into one file; default in this process. */
  readonly describe?: (path: string, cellsToSee: number | undefined) => Promise<RasterDescription>
  readonly signal?: AbortSignal
  readonly onProgress?: (doing: string, done: number, total: number) => void
}

/** Cells looked at in each file after the first: enough to see that it opens and can be read at both ends. */
export const cellsOfLaterFiles = 1024 * 1024

/** Understands a series of rasters, or static ones: which variables on which dates, on what grid, in what unit.
 *  @returns a dataset with absolute paths; everything assumed, repaired or doubted is in `notes`
 *  @throws unsupported_grid (files on different grids, no grid), no_dates, conflicting_dates, unknown_name, not_found,
 *  bad_raster, unit_mismatch */
export async function understandRasters(
  options: UnderstandOptions,
  { describe = describeIn, signal, onProgress }: UnderstandHooks = {},
): Promise<RasterDataset> {
  const paths = await listFiles(options.paths, options.pattern)
  const descriptions: RasterDescription[] = []
  for (const path of paths) {
    signal?.throwIfAborted()
    onProgress?.('Looking into files', descriptions.length, paths.length)
    descriptions.push(await describe(path, descriptions.length > 0 ? cellsOfLaterFiles : undefined))
  }
  const { doubts, ...understood } = await understandDescriptions(descriptions, options)
  const files: SourceFile[] = []
  for (const path of paths) {
    signal?.throwIfAborted()
    onProgress?.('Taking fingerprints', files.length, paths.length)
    const { size, mtimeMs } = await stat(path)
    files.push({ path, bytes: size, modifiedMs: Math.round(mtimeMs), sha256: await hashFile(path) })
  }
  return { name: options.name, ...understood, files, notes: [...understood.notes, ...doubts] }
}

/** A dataset without the facts of its files, and what does not look right about it. */
export type Understood = Omit<RasterDataset, 'files' | 'name'> & { readonly doubts: string[] }

const describeIn = (path: string, cellsToSee: number | undefined): Promise<RasterDescription> =>
  describeRaster(path, cellsToSee === undefined ? {} : { cellsToSee })

/** What was found besides the dataset itself. */
export interface UnderstandingOfVariable {
  /** The name its settings are given under. */
  readonly found: string
  readonly minimum: number | null
  readonly maximum: number | null
  readonly seen: number
  readonly valid: number
  readonly assumed: ('unit' | 'kind' | 'scale')[]
  readonly doubts: readonly string[]
  /** Cells with a value over cells looked at, by date; null for a band that was not looked at. */
  readonly validShareOn: ReadonlyMap<Day | null, number | null>
  readonly duplicated: readonly Day[]
}

export interface DetailedUnderstanding {
  readonly understood: Understood
  /** One a variable, in the order of `understood.variables`. */
  readonly details: readonly UnderstandingOfVariable[]
}

/** The meaning of rasters that have been described, one description a file. */
export async function understandDescriptions(
  descriptions: readonly RasterDescription[],
  options: Omit<UnderstandOptions, 'paths' | 'pattern'>,
): Promise<Understood> {
  return (await understandInDetail(descriptions, options)).understood
}

/** The same, with what an import shows to the user. */
export async function understandInDetail(
  descriptions: readonly RasterDescription[],
  options: Omit<UnderstandOptions, 'paths' | 'pattern'>,
): Promise<DetailedUnderstanding> {
  const pieces = chosen(piecesOf(descriptions), options.variable)
  const grid = commonGrid(pieces.map((piece) => ({ name: pieceText(piece), grid: piece.layer.grid })))
  const dated = await datePieces(pieces, options.dateRule, options.datesFile)
  const names = variableNames(dated.pieces, options.name)
  const notes = new Remarks()
  for (const note of [...dated.notes, ...descriptions.flatMap((description) => description.notes)]) notes.add('', note)
  for (const note of pieces.flatMap((piece) => piece.layer.notes)) notes.add('', note)
  const doubts = new Remarks()
  const { variables, scenes, details } = assemble(dated.pieces, names, options, notes, doubts)
  const understood = { grid, variables, scenes, dateRule: dated.rule, notes: notes.lines(), doubts: doubts.lines() }
  return { understood, details }
}

/** The bands of the variable that was asked for, by the name of the variable, the band or the sub-dataset. */
function chosen(pieces: readonly Piece[], variable: string | undefined): readonly Piece[] {
  if (variable === undefined) return pieces
  const wanted = variable.toLowerCase()
  const namesOf = ({ band, layer }: Piece): string[] =>
    [
      band.name,
      layer.subdataset,
      identifier(`${band.name}_${band.level.replaceAll('=', '_')}`),
      `band_${band.band}`,
    ].map((name) => name.toLowerCase())
  const found = pieces.filter((piece) => namesOf(piece).includes(wanted))
  if (found.length > 0) return found
  const there = [...new Set(pieces.map(({ band }) => band.name || `band_${band.band}`))]
  throw new LoamError(
    'unknown_name',
    `${basename(pieces[0].path)} holds no variable "${variable}". It has ${there.slice(0, 12).join(', ')}. Choose one of them.`,
    { variable, found: there },
  )
}

function assemble(
  pieces: readonly DatedPiece[],
  names: readonly string[],
  options: Pick<UnderstandOptions, 'overrides' | 'overridesOf' | 'leaveOut'>,
  notes: Remarks,
  doubts: Remarks,
): { variables: RasterVariable[]; scenes: Scene[]; details: UnderstandingOfVariable[] } {
  const { overrides = {}, overridesOf = {}, leaveOut = [] } = options
  const groups = new Map<string, DatedPiece[]>()
  for (const [i, piece] of pieces.entries()) {
    if (leaveOut.includes(names[i])) continue
    const group = groups.get(names[i])
    if (group) group.push(piece)
    else groups.set(names[i], [piece])
  }
  if (overrides.name !== undefined && groups.size > 1)
    throw new LoamError(
      'bad_input',
      `The name "${overrides.name}" was given for ${groups.size} variables (${[...groups.keys()].slice(0, 6).join(', ')}). ` +
        `Choose one of them with --variable.`,
      { variables: [...groups.keys()] },
    )
  if (groups.size === 0)
    throw new LoamError('bad_input', 'All variables are left out. A dataset needs at least one.', { leaveOut })
  const variables: RasterVariable[] = []
  const scenes: Scene[] = []
  const details: UnderstandingOfVariable[] = []
  for (const [found, group] of groups) {
    const own = { ...overrides, ...overridesOf[found] }
    const name = own.name ?? found
    if (variables.some((other) => other.name === name))
      throw new LoamError('name_taken', `Two variables would be called "${name}". Give one of them another name.`, {
        name,
      })
    const assumed: UnderstandingOfVariable['assumed'] = []
    const said: string[] = []
    variables.push(variableOf(name, group, own, notes, doubts, assumed, said))
    const ofVariable = scenesOf(variables.length - 1, name, group, notes)
    scenes.push(...ofVariable.scenes)
    details.push({ found, ...sampleOf(group), assumed, doubts: said, duplicated: ofVariable.duplicated })
  }
  return { variables, scenes, details }
}

function sampleOf(
  group: readonly DatedPiece[],
): Pick<UnderstandingOfVariable, 'minimum' | 'maximum' | 'seen' | 'valid' | 'validShareOn'> {
  let [minimum, maximum, seen, valid] = [Infinity, -Infinity, 0, 0]
  const validShareOn = new Map<Day | null, number | null>()
  for (const { day, band } of group) {
    const { sample } = band
    if (!validShareOn.has(day)) validShareOn.set(day, sample.seen > 0 ? sample.valid / sample.seen : null)
    minimum = Math.min(minimum, sample.minimum ?? Infinity)
    maximum = Math.max(maximum, sample.maximum ?? -Infinity)
    seen += sample.seen
    valid += sample.valid
  }
  const hasValue = minimum <= maximum
  return { minimum: hasValue ? minimum : null, maximum: hasValue ? maximum : null, seen, valid, validShareOn }
}

function variableOf(
  name: string,
  group: readonly DatedPiece[],
  overrides: VariableOverrides,
  notes: Remarks,
  doubts: Remarks,
  assumed: UnderstandingOfVariable['assumed'],
  said: string[],
): RasterVariable {
  // A band that holds values tells more than an empty one.
  const first = group.find((piece) => piece.band.sample.valid > 0) ?? group[0]
  const { band } = first
  for (const other of group) {
    const isSame = other.band.scale === band.scale && other.band.offset === band.offset
    if (!isSame && overrides.scale === undefined)
      throw new LoamError(
        'unit_mismatch',
        `${name}: ${pieceText(other)} has scale ${other.band.scale} and offset ${other.band.offset}, ${pieceText(first)} has ` +
          `${band.scale} and ${band.offset}. A variable needs one for all dates; give --scale, or add the files as two datasets.`,
        { file: other.path },
      )
    if (normaliseUnit(other.band.unit) !== normaliseUnit(band.unit) && overrides.unit === undefined)
      throw new LoamError(
        'unit_mismatch',
        `${name}: ${pieceText(other)} is in "${other.band.unit}", ${pieceText(first)} in "${band.unit}". A variable needs one ` +
          `unit for all dates; give --unit, or add the files as two datasets.`,
        { file: other.path },
      )
  }
  const unit = overrides.unit ?? normaliseUnit(band.unit)
  if (unit !== band.unit && overrides.unit === undefined && band.unit !== '')
    notes.add(name, `the unit "${band.unit}" is shown as ${unit}.`)
  const guess = guessKind(band, unit)
  const kind = overrides.kind ?? guess.kind
  if (overrides.kind === undefined && guess.why !== '') {
    assumed.push('kind')
    notes.add(name, `taken as ${kind}, because ${guess.why}.`)
  }
  if (unit === '' && overrides.unit === undefined && kind !== 'categorical') assumed.push('unit')
  const scale = overrides.scale ?? band.scale
  const offset = overrides.offset ?? band.offset
  if (overrides.scale === undefined)
    for (const doubt of doubtsAbout(band, name, unit, kind)) {
      if (doubt.includes('--scale')) assumed.push('scale')
      said.push(doubt)
      doubts.add(name, doubt)
    }
  const nodata = [...(overrides.nodata ?? new Set(group.flatMap((piece) => piece.band.nodata)))]
  return {
    name,
    unit,
    kind,
    scale,
    offset,
    nodata,
    validRange: rangeOf(band, scale, offset, overrides),
    description: band.description,
  }
}

/** The file's valid range is meant on stored numbers: with another scale it moves. */
function rangeOf(
  band: { validRange: [number, number] | null; scale: number; offset: number },
  scale: number,
  offset: number,
  overrides: VariableOverrides,
): [number, number] | null {
  if (overrides.validRange) return [overrides.validRange[0], overrides.validRange[1]]
  if (!band.validRange) return null
  if (scale === band.scale && offset === band.offset) return band.validRange
  const [a, b] = band.validRange.map((value) => ((value - band.offset) / band.scale) * scale + offset)
  return a <= b ? [a, b] : [b, a]
}

/** One scene a date, sorted; of several on one date the first stays. */
function scenesOf(
  variable: number,
  name: string,
  group: readonly DatedPiece[],
  notes: Remarks,
): { scenes: Scene[]; duplicated: Day[] } {
  const duplicated = new Set<Day>()
  const byDay = new Map<Day | null, DatedPiece>()
  const repeated: string[] = []
  for (const piece of group) {
    const first = byDay.get(piece.day)
    if (!first) byDay.set(piece.day, piece)
    else {
      if (piece.day !== null) duplicated.add(piece.day)
      repeated.push(`${piece.day ?? 'no date'} (${pieceText(first)} stays, ${pieceText(piece)} is left out)`)
    }
  }
  if (repeated.length > 0)
    notes.add(
      name,
      `${repeated.length} date${repeated.length === 1 ? ' comes' : 's come'} twice: ` +
        `${repeated.slice(0, 3).join('; ')}${repeated.length > 3 ? '; …' : ''}.`,
    )
  const days = [...byDay.keys()].filter((day): day is Day => day !== null).sort()
  const gaps = gapNote(days)
  if (gaps !== '') notes.add(name, gaps)
  const scenes = [...byDay.entries()]
    .sort(([a], [b]) => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1))
    .map(([day, { file, layer, band }]) => ({ variable, day, file, subdataset: layer.subdataset, band: band.band }))
  return { scenes, duplicated: [...duplicated].sort() }
}
