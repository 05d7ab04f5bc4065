import { LoamError } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { ruleNamed } from './date-rules.ts'
import type { DateRule, FoundDate } from './date-rules.ts'
import { readDatesFile } from './dates-file.ts'
import { datesOfNames } from './find-dates.ts'
import { stemOf } from './list-files.ts'
import { pieceText } from './pieces.ts'
import type { DatedPiece, Piece } from './pieces.ts'

export interface DatedPieces {
  readonly pieces: DatedPiece[]
  /** How the dates were found, in words. */
  readonly rule: string
  readonly notes: string[]
}

export const dateRuleNames = 'YYYYMMDD, YYYY-MM-DD, YYYY_MM_DD, YYYYDDD, YYYYMM, YYYY-MM, bands, netcdf, static'

/** Gives every band its date.
 *  @param asked the rule by name, `bands`, `netcdf`, `static`, or undefined to find it: a time axis first, then dates in
 *  the names of bands, then in the names of files, else static
 *  @throws bad_input for an unknown rule; no_dates; conflicting_dates */
export async function datePieces(
  pieces: readonly Piece[],
  asked: string | undefined,
  datesFile: string | undefined,
): Promise<DatedPieces> {
  if (datesFile !== undefined) return byTable(pieces, datesFile)
  if (asked === undefined || asked === 'auto')
    return (
      byAxis(pieces, null) ??
      byBandNames(pieces, null) ??
      byFileNames(pieces, null) ??
      without(pieces, 'no dates found: static')
    )
  if (asked === 'static') return without(pieces, 'static')
  if (asked === 'netcdf') {
    const found = byAxis(pieces, 'netcdf')
    if (found) return found
    throw new LoamError(
      'no_dates',
      `${pieceText(pieces[0])} has no time axis. The date rule netcdf needs one with units such as "days since ` +
        `1970-01-01"; choose another --date-rule.`,
      { file: pieces[0].path },
    )
  }
  if (asked === 'bands') {
    const found = byBandNames(pieces, null)
    if (found) return found
    throw new LoamError(
      'no_dates',
      `${pieceText(pieces[0])} has no date in its name, description or metadata. The date rule bands needs one for every ` +
        `band; give a table with the columns band and date by --dates.`,
      { file: pieces[0].path },
    )
  }
  const rule = ruleNamed(asked)
  if (!rule)
    throw new LoamError('bad_input', `The date rule "${asked}" is unknown. Choose one of ${dateRuleNames}.`, {
      dateRule: asked,
    })
  const found = byBandNames(pieces, rule) ?? byFileNames(pieces, rule)
  if (found) return found
  throw new LoamError(
    'no_dates',
    `The date rule ${rule.name} finds no date in any name. Choose another --date-rule.`,
    {},
  )
}

function without(pieces: readonly Piece[], rule: string): DatedPieces {
  return {
    pieces: pieces.map((piece) => ({
      ...piece,
      day: null,
      bareName: piece.band.name || (piece.layer.bands.length > 1 ? '' : stemOf(piece.path)),
    })),
    rule,
    notes: [],
  }
}

async function byTable(pieces: readonly Piece[], path: string): Promise<DatedPieces> {
  const dayOf = await readDatesFile(path)
  const dated = pieces.map((piece) => ({
    ...piece,
    day: dayOf(piece.path, piece.band.band),
    bareName: piece.layer.bands.length > 1 ? '' : piece.band.name,
  }))
  const missing = dated.find((piece) => piece.day === null)
  if (missing)
    throw new LoamError(
      'no_dates',
      `${path} has no date for ${pieceText(missing)}, band ${missing.band.band}. It needs a row for every band; add it.`,
      { file: missing.path, band: missing.band.band, table: path },
    )
  return { pieces: dated, rule: `table ${path.replace(/^.*[\\/]/, '')}`, notes: [] }
}

/** By NetCDF time axes; a file name that gives a single-day file another date is an error. */
function byAxis(pieces: readonly Piece[], asked: 'netcdf' | null): DatedPieces | null {
  if (!pieces.some((piece) => piece.band.day !== null)) return null
  const dated = pieces.filter((piece) => piece.band.day !== null)
  const undated = pieces.find((piece) => piece.layer.dateRule === '' && piece.band.day === null)
  if (undated)
    throw new LoamError(
      'no_dates',
      `${pieceText(dated[0])} has a time axis, but ${pieceText(undated)} has none. A dataset is either dated or static; ` +
        `choose one with --variable or --pattern.`,
      { file: undated.path },
    )
  if (asked === null) checkAgainstNames(dated)
  const notes: string[] = []
  const lost = pieces.length - dated.length
  if (lost > 0) notes.push(`${lost} bands whose time is no date are left out.`)
  return {
    pieces: dated.map((piece) => ({ ...piece, day: piece.band.day, bareName: piece.band.name })),
    rule: dated[0].layer.dateRule,
    notes,
  }
}

function checkAgainstNames(pieces: readonly Piece[]): void {
  const daysOfFile = new Map<string, Set<Day>>()
  for (const { path, band } of pieces) daysOfFile.set(path, (daysOfFile.get(path) ?? new Set()).add(band.day as Day))
  const single = [...daysOfFile]
    .filter(([, days]) => days.size === 1)
    .map(([path, days]) => ({ path, day: [...days][0] }))
  if (single.length === 0) return
  let named: ReturnType<typeof datesOfNames>
  try {
    named = datesOfNames(
      single.map(({ path }) => stemOf(path)),
      null,
      'file',
    )
  } catch {
    // Names that agree on nothing say nothing against the axis.
    return
  }
  if (!named) return
  const length = named.rule.precision === 'month' ? 7 : 10
  const at = single.findIndex(({ day }, i) => day.slice(0, length) !== named.dates[i].day.slice(0, length))
  if (at < 0) return
  const lines = single
    .slice(at, at + 3)
    .map(({ path, day }, i) => `  ${stemOf(path)}: ${day} by its time axis, ${named.dates[at + i].day} by its name`)
  throw new LoamError(
    'conflicting_dates',
    `Time axis and file name disagree:\n${lines.join('\n')}\nLoam needs one date each. Say which is meant with ` +
      `--date-rule netcdf or --date-rule ${named.rule.name}.`,
    { rules: ['netcdf', named.rule.name], file: single[at].path },
  )
}

/** By dates in the names, descriptions or attributes of bands; only for files of several bands. */
function byBandNames(pieces: readonly Piece[], rule: DateRule | null): DatedPieces | null {
  if (!pieces.some((piece) => piece.layer.bands.length > 1)) return null
  const texts: { words: string; of: (piece: Piece) => string }[] = [
    { words: 'the band name', of: ({ band }) => band.name },
    { words: 'the band description', of: ({ band }) => band.description },
    ...dateAttributes(pieces[0]).map((key) => ({
      words: `the band attribute ${key}`,
      of: ({ band }: Piece) => band.metadata[key] ?? '',
    })),
  ]
  for (const { words, of } of texts) {
    const names = pieces.map(of)
    if (names.some((name) => name === '')) continue
    let found: ReturnType<typeof datesOfNames>
    try {
      found = datesOfNames(names, rule, 'band')
    } catch (fault) {
      if (fault instanceof LoamError && fault.code === 'no_dates') continue
      throw fault
    }
    // One date for all bands is the file's, not the bands'.
    if (!found || (pieces.length > 1 && new Set(found.dates.map((date) => date.day)).size === 1)) continue
    const isName = words === 'the band name'
    return {
      ...assign(pieces, found.dates, (piece, date) => (isName ? date.rest : piece.band.name)),
      rule: `${found.rule.name} in ${words}`,
      notes: found.notes,
    }
  }
  return null
}

function dateAttributes(piece: Piece): string[] {
  return Object.keys(piece.band.metadata).filter((key) => /date|time|acquis/i.test(key))
}

function byFileNames(pieces: readonly Piece[], rule: DateRule | null): DatedPieces | null {
  const paths = [...new Set(pieces.map((piece) => piece.path))]
  const found = datesOfNames(paths.map(stemOf), rule, 'file')
  if (!found) return null
  const ofPath = new Map(paths.map((path, i) => [path, found.dates[i]]))
  const dates = pieces.map((piece) => ofPath.get(piece.path) as FoundDate)
  return {
    ...assign(pieces, dates, (piece, date) =>
      piece.band.name === ''
        ? piece.layer.bands.length > 1
          ? ''
          : date.rest
        : withoutDate(piece.band.name, found.rule),
    ),
    rule: `${found.rule.name} in the file name`,
    notes: found.notes,
  }
}

/** Some programs name a band after its file; the date in it is no part of the variable's name. */
function withoutDate(name: string, rule: DateRule): string {
  try {
    return datesOfNames([name], rule, 'band')?.dates[0].rest ?? name
  } catch {
    return name
  }
}

function assign(
  pieces: readonly Piece[],
  dates: readonly FoundDate[],
  bareName: (piece: Piece, date: FoundDate) => string,
): { pieces: DatedPiece[] } {
  return {
    pieces: pieces.map((piece, i) => ({ ...piece, day: dates[i].day, bareName: bareName(piece, dates[i]) })),
  }
}
