import { basename } from 'node:path'
import { asLoamError } from '../../contract/index.ts'
import type {
  Day,
  RasterSettings,
  StationTableSettings,
  SurveyedProduct,
  SurveyedVariable,
} from '../../contract/index.ts'
import { crsName } from '../raster/index.ts'
import type { RasterDescription } from '../raster/index.ts'
import type { StationDescription } from '../stations/index.ts'
import { cellText } from './cell-text.ts'
import { missingDays } from './date-notes.ts'
import type { FileGroup } from './group-files.ts'
import { guessRole } from './guess-role.ts'
import { stemOf } from './list-files.ts'
import { identifier } from './name-variables.ts'
import { understandInDetail } from './understand-rasters.ts'
import type { DetailedUnderstanding, UnderstandOptions } from './understand-rasters.ts'

type Group = Pick<FileGroup, 'title' | 'folder' | 'files' | 'bytes'>

/** The options of `understandRasters` that say what the user said. */
export function understandOptionsOf({
  dateRule,
  variables,
  leaveOut,
}: RasterSettings): Pick<UnderstandOptions, 'dateRule' | 'overridesOf' | 'leaveOut'> {
  return { dateRule, overridesOf: variables, leaveOut }
}

/** What rasters that belong together would make; a refusal when they need a word of the user first.
 *  @param descriptions of the files looked into so far; of dates the names of all files tell, before all were looked into
 *  @param paths all of them */
export async function surveyRasters(
  id: string,
  group: Group,
  paths: readonly string[],
  descriptions: readonly RasterDescription[],
  settings: RasterSettings,
): Promise<SurveyedProduct> {
  const name = productName(group.title, group.folder)
  const blank = blankProduct(id, 'raster', group, name, descriptions.length)
  try {
    const known = provisional(paths, descriptions)
    const detailed = await understandInDetail(known, { name, ...understandOptionsOf(settings) })
    const { understood } = detailed
    const days = daysOf(understood.scenes.map(({ day }) => day))
    return {
      ...blank,
      role: guessRole(name, understood.variables),
      notes: understood.notes,
      doubts: understood.doubts,
      raster: {
        grid: understood.grid,
        crsName: crsName(understood.grid.crs),
        cellText: cellText(understood.grid),
        variables: variablesOf(detailed),
        dateRule: understood.dateRule,
        examples: examplesOf(understood.scenes, paths),
        days,
        missing: missingDays(days),
        duplicated: daysOf(detailed.details.flatMap(({ duplicated }) => duplicated)),
        settings,
      },
    }
  } catch (fault) {
    const { code, message, details } = asLoamError(fault)
    const question = code === 'conflicting_dates' || code === 'no_dates' ? 'dateRule' : (details.question ?? null)
    return { ...blank, refusal: { code, message, question: question as string | null } }
  }
}

/** Files that were not looked into yet are taken to be like the first: their names tell their dates. */
function provisional(paths: readonly string[], descriptions: readonly RasterDescription[]): RasterDescription[] {
  const [first] = descriptions
  const hasAxis = first.layers.some((layer) => layer.bands.some(({ day }) => day !== null))
  if (hasAxis) return [...descriptions]
  const known = new Map(descriptions.map((description) => [description.path, description]))
  return paths.map((path) => known.get(path) ?? { ...first, path })
}

function variablesOf({ understood, details }: DetailedUnderstanding): SurveyedVariable[] {
  return understood.variables.map((variable, i) => {
    const { found, minimum, maximum, seen, valid, assumed, doubts } = details[i]
    return {
      ...variable,
      found,
      sample: { minimum, maximum, validShare: seen > 0 ? valid / seen : null },
      assumed,
      doubts,
    }
  })
}

function examplesOf(
  scenes: readonly { readonly day: Day | null; readonly file: number; readonly band: number }[],
  paths: readonly string[],
): { text: string; day: Day }[] {
  const dated = scenes.flatMap(({ day, file, band }) => (day === null ? [] : [{ day, file, band }]))
  if (dated.length === 0) return []
  const isBands = new Set(dated.map(({ file }) => file)).size < dated.length
  const chosen = [...new Set([0, dated.length >> 1, dated.length - 1])]
  return chosen.map((i) => {
    const { day, file, band } = dated[i]
    return { text: isBands ? `${basename(paths[file])}, band ${band}` : basename(paths[file]), day }
  })
}

const daysOf = (days: readonly (Day | null)[]): Day[] =>
  [...new Set(days)].filter((day): day is Day => day !== null).sort()

/** What tables or ISMN files would make. */
export function surveyStations(
  id: string,
  group: Group,
  found: StationDescription,
  settings: StationTableSettings,
): SurveyedProduct {
  const isList = found.format === 'station list'
  const blank = blankProduct(
    id,
    isList ? 'station list' : 'stations',
    group,
    productName(group.title, group.folder),
    group.files,
  )
  const { refusal, question, path: _path, notes, doubts, ...facts } = found
  return {
    ...blank,
    role: 'stations',
    notes,
    doubts,
    refusal: refusal === null ? null : { code: 'bad_table', message: refusal, question: question ?? null },
    stations: { ...facts, settings },
  }
}

function blankProduct(
  id: string,
  kind: SurveyedProduct['kind'],
  { title, folder, files, bytes }: Group,
  name: string,
  looked: number,
): SurveyedProduct {
  return {
    id,
    kind,
    title,
    folder,
    files,
    bytes,
    looked,
    name,
    role: 'unassigned',
    refusal: null,
    notes: [],
    doubts: [],
    raster: null,
    stations: null,
  }
}

/** A short name for the dataset: the file names without their dates, or the folder's name when nothing else is left. */
export function productName(title: string, folder: string): string {
  const stem = stemOf(title.replace(/(\.(csv|tsv|txt|gz|zip|stm))+$/i, ''))
  const own = identifier(stem.replaceAll(/[…*]/g, ' ').replaceAll(/[._\s-]+/g, '_'))
  return (own || identifier(basename(folder)) || 'data').slice(0, 60)
}
