import { LoamError } from '../../contract/index.ts'
import type { Split } from '../../contract/index.ts'
import { hashBytes } from '../files/index.ts'
import { canonicalOrder } from './canonical-order.ts'
import { dealGroups, placeGroups, rowGroups, timeGroups } from './held-out-groups.ts'
import type { Groups } from './held-out-groups.ts'
import type { SampleTable } from './sample-table.ts'
import { rowCount } from './sample-table.ts'

/** Which rows are held out together. Frozen once made: training and scores refer to it by its hash. */
export interface Folds {
  readonly by: Split['by']
  readonly count: number
  /** For each row the fold that tests it, 0-based; −1 where no fold does (only `place_and_time`). */
  readonly fold: Int32Array
  /** How rows were parted, as a sentence for the methods section. */
  readonly description: string
  /** SHA-256 of every row's place, day and folds; does not depend on the order of the rows. */
  readonly hash: string
  /** Rows that fold `fold` scores, ascending. */
  test(fold: number): Int32Array
  /** Rows that fold `fold` may train on, ascending; shares no held-out group with `test(fold)`. */
  train(fold: number): Int32Array
}

/** Folds of one dealing of groups: a row is in training wherever it is not tested. */
interface Dealing {
  readonly groups: Groups
  readonly count: number
  /** Fold of each row. */
  readonly foldOfRow: Int32Array
}

/** Parts the rows of a table into folds. The same table, split and seed give the same folds in whatever order the rows
 *  come.
 *
 *  `place_and_time` deals places and time blocks to folds separately. Fold k tests the rows that are in place fold k and
 *  in time fold k, and trains on the rows that are in neither: about 1/k of the rows are tested at all, each at a place
 *  and in a period that its model never saw.
 *  Source: Meyer et al. (2018), Environmental Modelling & Software 101 (leave-location-and-time-out).
 *  @throws too_few_rows when there are fewer groups than folds, or a fold leaves nothing to train on
 *  @throws bad_recipe when `leaveOneOut` is asked for anything but stations held out by place */
export function makeFolds(table: SampleTable, split: Split, seed: number): Folds {
  checkLeaveOneOut(table, split)
  const random = `seed ${seed}`
  switch (split.by) {
    case 'random': {
      const dealing = deal(rowGroups(table), split.folds, seed)
      return oneWay(table, split, [dealing], `Rows dealt at random to ${split.folds} folds (${random})`)
    }
    case 'time': {
      const dealing = deal(timeGroups(table, split.timeBlock), split.folds, seed)
      return oneWay(table, split, [dealing], `Whole ${inWords(dealing)} held out, in ${split.folds} folds (${random})`)
    }
    case 'place': {
      const groups = placeGroups(table, split)
      const dealing = deal(groups, split.leaveOneOut ? groups.count : split.folds, seed)
      const how = split.leaveOneOut ? 'one by one' : `in ${dealing.count} folds (${random})`
      return oneWay(table, split, [dealing], `Whole ${inWords(dealing)} held out, ${how}`)
    }
    case 'place_and_time': {
      const places = deal(placeGroups(table, split), split.folds, seed)
      const times = deal(timeGroups(table, split.timeBlock), split.folds, seed + 1)
      const how = `Whole ${inWords(places)} and whole ${inWords(times)} held out together, in ${split.folds} folds (${random})`
      return oneWay(table, split, [places, times], `${how}; rows that share either are in neither part`)
    }
  }
}

function checkLeaveOneOut(table: SampleTable, split: Split): void {
  if (!split.leaveOneOut || (split.by === 'place' && table.placeKind !== 'cell')) return
  const found = split.by === 'place' ? 'a raster target' : `"by": "${split.by}"`
  throw new LoamError(
    'bad_recipe',
    `split.leaveOneOut is true with ${found}; it needs a station target and "by": "place". Set it to false.`,
    { path: 'split.leaveOneOut' },
  )
}

function deal(groups: Groups, count: number, seed: number): Dealing {
  if (groups.count < count || count < 2)
    throw new LoamError(
      'too_few_rows',
      `The training table has ${groups.of.length} rows in ${groups.count} ${plural(groups.what, groups.count)}; ` +
        `${Math.max(2, count)} folds need at least as many. Ask for fewer folds, choose another split (smaller blocks, \`random\`), or give more data.`,
      { groups: groups.count, folds: count },
    )
  const foldOfGroup = dealGroups(groups, count, seed)
  return { groups, count, foldOfRow: groups.of.map((group) => foldOfGroup[group]) }
}

/** A row is tested by the fold that all dealings agree on, and trains the folds that none of them put it in. */
function oneWay(table: SampleTable, split: Split, dealings: Dealing[], description: string): Folds {
  const count = dealings[0].count
  const first = dealings[0].foldOfRow
  const last = dealings[dealings.length - 1].foldOfRow
  const fold = first.map((value, row) => (value === last[row] ? value : -1))
  const folds: Folds = Object.freeze({
    by: split.by,
    count,
    fold,
    description: `${description}.`,
    hash: hashOf(table, split.by, dealings),
    test: (k: number) => rowsWhere(fold.length, (row) => fold[row] === k),
    train: (k: number) => rowsWhere(fold.length, (row) => first[row] !== k && last[row] !== k),
  })
  for (let k = 0; k < count; k++)
    if (folds.train(k).length === 0)
      throw new LoamError(
        'too_few_rows',
        `Fold ${k + 1} of ${count} leaves none of the ${fold.length} rows to train on: ${folds.description} Ask for more folds or choose another split.`,
        { fold: k },
      )
  return folds
}

function rowsWhere(length: number, isIn: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(length)
  let n = 0
  for (let row = 0; row < length; row++) if (isIn(row)) rows[n++] = row
  return rows.slice(0, n)
}

/** Over rows in canonical order: their places, days and the fold of each dealing. */
function hashOf(table: SampleTable, by: string, dealings: Dealing[]): string {
  const width = 2 + dealings.length
  const words = new Int32Array(rowCount(table) * width)
  const names: string[] = []
  const numbers = new Map<number, number>()
  canonicalOrder(table).forEach((row, i) => {
    let number = numbers.get(table.place[row])
    if (number === undefined) {
      number = names.push(table.places[table.place[row]]) - 1
      numbers.set(table.place[row], number)
    }
    words[i * width] = number
    words[i * width + 1] = table.day[row]
    dealings.forEach((dealing, d) => (words[i * width + 2 + d] = dealing.foldOfRow[row]))
  })
  return hashBytes(JSON.stringify([by, names, hashBytes(new Uint8Array(words.buffer))]))
}

function inWords(dealing: Dealing): string {
  const { count, what } = dealing.groups
  return `${plural(what, 2)} (${count} of them)`
}

/** `block of 500 m` → `blocks of 500 m`. */
function plural(what: string, count: number): string {
  if (count === 1) return what
  return what.startsWith('block') ? what.replace('block', 'blocks') : `${what}s`
}
