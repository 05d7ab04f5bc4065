import { LoamError, dayFromNumber } from '../../contract/index.ts'
import type { DraftFolds, Recipe } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'
import { leakageReport, makeFolds, rowCount } from '../samples/index.ts'
import type { LeakageReport, SampleTable } from '../samples/index.ts'
import type { DraftRows } from './draft-job.ts'
import { sealedRows } from './sealed-rows.ts'

/** How a recipe's split parts the rows of its target, for drawing on map and calendar.
 *  @param sample rows of the target alone
 *  @param side of a training cell in units of the fine grid's CRS; 0 for stations
 *  @throws too_few_rows */
export function foldsOfDraft(recipe: Recipe, sample: DraftRows, side: number, crs: string | undefined): DraftFolds {
  const { table } = sample
  if (rowCount(table) === 0 && sample.sealed && sample.sealed.rows > 0)
    throw new LoamError(
      'too_few_rows',
      `The sealed test part holds all ${sample.sealed.rows} rows with a target, so nothing is left to learn from. Seal less.`,
    )
  if (rowCount(table) === 0)
    throw new LoamError(
      'too_few_rows',
      'The target has no value in the training period. Widen it, or look at the dataset.',
    )
  const folds = makeFolds(table, recipe.split, recipe.seed)
  const placed = placesOf(table, folds.fold, side)
  const own = table.crs ?? ''
  const wanted = crs ?? own
  const x = Float64Array.from(placed, (place) => place.x)
  const y = Float64Array.from(placed, (place) => place.y)
  if (own && wanted !== own) transformPoints(own, wanted, x, y)
  const days = [...new Set(table.day)].sort((a, b) => a - b)
  return {
    description: folds.description,
    rows: rowCount(table),
    days: days.map(dayFromNumber),
    daysLeft: sample.daysOf - sample.days,
    folds: Array.from({ length: folds.count }, (_, fold) => {
      const test = folds.test(fold)
      return {
        fold,
        test: test.length,
        train: folds.train(fold).length,
        places: new Set(test.map((row) => table.place[row])).size,
        days: new Set(test.map((row) => table.day[row])).size,
      }
    }),
    places: placed.map((place, i) => ({ ...place, x: x[i], y: y[i], side: wanted === own ? place.side : 0 })),
    crs: wanted,
    foldOfDay: foldOfDays(table, folds.fold, days),
    leakage: leakageLines(leakageReport(table, folds), recipe),
    sealed: sealedRows(sample, recipe, wanted),
  }
}

function placesOf(table: SampleTable, fold: Int32Array, side: number): DraftFolds['places'][number][] {
  const found = new Map<number, { x: number; y: number; fold: number; rows: number }>()
  for (let row = 0; row < rowCount(table); row++) {
    const known = found.get(table.place[row])
    if (!known) found.set(table.place[row], { x: table.x[row], y: table.y[row], fold: fold[row], rows: 1 })
    else {
      known.rows++
      if (known.fold !== fold[row]) known.fold = known.fold === -1 ? fold[row] : fold[row] === -1 ? known.fold : -2
    }
  }
  return [...found].map(([place, { x, y, fold: own, rows }]) => ({
    name: table.places[place],
    x,
    y,
    side,
    fold: own === -2 ? -1 : own,
    rows,
  }))
}

/** The fold that tests every tested row of a day; −1 where there are several. */
function foldOfDays(table: SampleTable, fold: Int32Array, days: readonly number[]): number[] {
  const found = new Map<number, number>()
  for (let row = 0; row < rowCount(table); row++) {
    if (fold[row] < 0) continue
    const known = found.get(table.day[row])
    if (known === undefined) found.set(table.day[row], fold[row])
    else if (known !== fold[row]) found.set(table.day[row], -1)
  }
  return days.map((day) => found.get(day) ?? -1)
}

const percent = (share: number): string =>
  share === 0 ? 'none' : share < 0.001 ? 'less than 0.1 %' : `${Number((100 * share).toPrecision(2))} %`

function leakageLines(found: LeakageReport, { split }: Recipe): DraftFolds['leakage'] {
  const lines: DraftFolds['leakage'][number][] = [
    {
      text: `Tested rows whose own place is in training: ${percent(found.samePlace)}.`,
      isBad: split.by !== 'time' && found.samePlace > 0,
    },
    {
      text: `Tested rows whose place is in training within 3 days: ${percent(found.nearInTime)}.`,
      isBad: found.nearInTime > 0.05,
    },
  ]
  if (found.medianDistance !== null && found.medianDistance > 0)
    lines.push({
      text: `The nearest training place is ${Math.round(found.medianDistance)} m away (median).`,
      isBad: false,
    })
  if (found.sharedCells.length > 0)
    lines.push({
      text: `${found.sharedCells.length} stations share their fine cell with another and are kept together.`,
      isBad: false,
    })
  if (found.duplicateRows > 0)
    lines.push({ text: `${found.duplicateRows} rows share their place and day with another row.`, isBad: true })
  return lines
}
