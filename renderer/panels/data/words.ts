import type { SourceRole } from '../../../main/contract/index.ts'
import { formatCount } from '../../widgets/format.ts'

export const roleWords: Readonly<Record<SourceRole, string>> = {
  target: 'Target',
  predictor: 'Predictor',
  mask: 'Mask',
  stations: 'Stations',
  unassigned: 'Unassigned',
}

/** 1 file, 2 files. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`
}

const flagWords: readonly (readonly [RegExp, string])[] = [
  // Folders are told beside the file names.
  [/(?:[A-Za-z]:)?[\\/](?:[^\\/\s"'`,;:]+[\\/])+/g, ''],
  [/Say which with dateOrder: dayFirst or monthFirst/g, 'Say which below'],
  [/[Gg]ive --scale ([\d.]+)/g, 'set the scale to $1'],
  [/--date-rule (\S+) or --date-rule (\S+?)\./g, 'the date rule $1 or $2.'],
  [/--date-rule static/g, 'the date rule "static"'],
  [/another --date-rule/g, 'another date rule'],
  [/--kind categorical/g, 'the kind "categorical"'],
  [/ \(--pattern\)/g, ''],
  [/narrow the --pattern/g, 'drop fewer files'],
  [/--variable or --pattern/g, 'its variables'],
  [/give a table with the columns band and date by --dates/g, 'name the bands by their dates'],
  [/\(--stations\)/g, 'below'],
  [/ \(daily\.flags\)/g, ''],
  [/`(\w+)`/g, '"$1"'],
  [/--([a-z]+)(-[a-z]+)*/g, 'the $1'],
]

/** What the engine says to a terminal, for a window: its options are fields here. */
export function inWindowWords(text: string): string {
  const plain = flagWords.reduce((before, [pattern, words]) => before.replace(pattern, words), text)
  // The name of a variable or file at the beginning stays as it is written.
  return /^([\w.-]+[:,]|\S*[._\d]\S)/.test(plain) ? plain : plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** The scale a doubt asks for; null when it asks for none. */
export function suggestedScale(doubts: readonly string[]): number | null {
  const found = doubts.map((doubt) => /--scale ([\d.]*\d)/.exec(doubt)?.[1]).find((each) => each !== undefined)
  return found === undefined ? null : Number(found)
}

/** 2018-01-01 … 12-31: the year once when it is the same. */
export function spanWords(first: string | null, last: string | null): string {
  if (first === null || last === null) return 'static'
  if (first === last) return first
  return `${first} … ${first.slice(0, 4) === last.slice(0, 4) ? last.slice(5) : last}`
}
